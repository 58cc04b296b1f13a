import { describe, expect, it } from "@jest/globals";
import { expose } from "../../../src/exporter/expose.ts";
import { SLACK_FAMILIES } from "../../../src/exporter/slack/slack-families.ts";
import {
  createSlackMetrics,
  type SlackMetrics,
  type SlackMetricsOptions,
  type SlackSource,
} from "../../../src/exporter/slack/slack-metrics.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { INTERACTIONS, REFUSALS } from "../../../src/slack/observer.ts";

const NOW = 1_700_000_000_000;

function metrics(change: Partial<SlackMetricsOptions> = {}): SlackMetrics {
  return createSlackMetrics({
    kinds: INTERACTIONS,
    reasons: REFUSALS,
    clock: { now: () => NOW },
    timers: { after: () => () => {} },
    logger: silentLogger,
    ...change,
  });
}

const bot = (change: Partial<SlackSource> = {}): SlackSource => ({
  state: () => "connected",
  connections: () => 2,
  status: async () => await Promise.resolve({ depth: 3, oldestAt: NOW - 60_000, awaySince: undefined, isSender: true }),
  ...change,
});

async function page(of: SlackMetrics, from: SlackSource | undefined = bot()): Promise<readonly string[]> {
  return expose(await of.families(from))
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

describe("the metrics of slack", () => {
  it("show how the bot stands, and what waits", async () => {
    const one = metrics();
    one.observer.heard();
    expect(await page(one)).toEqual(
      expect.arrayContaining([
        "sealwatch_slack_connected 1",
        "sealwatch_slack_connections 2",
        "sealwatch_slack_sender 1",
        "sealwatch_slack_away 0",
        `sealwatch_slack_last_heard_timestamp_seconds ${NOW / 1000}`,
        "sealwatch_slack_outbox_subjects 3",
        `sealwatch_slack_outbox_oldest_timestamp_seconds ${NOW / 1000 - 60}`,
      ]),
    );
  });

  it("begin with every reason and every kind at 0", async () => {
    const lines = await page(metrics());
    for (const reason of REFUSALS) expect(lines).toContain(`sealwatch_slack_refused_total{reason="${reason}"} 0`);
    for (const kind of INTERACTIONS) expect(lines).toContain(`sealwatch_slack_interactions_total{kind="${kind}"} 0`);
    expect(lines).toContain("sealwatch_slack_reconnects_total 0");
  });

  it("count what the observer is told", async () => {
    const one = metrics();
    const { observer } = one;
    observer.acked("action", 0.25);
    observer.acked("action", 2.5);
    observer.refused("role");
    observer.called("chat.update", "rate_limited", 0.1);
    expect(await page(one)).toEqual(
      expect.arrayContaining([
        'sealwatch_slack_interactions_total{kind="action"} 2',
        'sealwatch_slack_ack_seconds_bucket{le="0.1",kind="action"} 0',
        'sealwatch_slack_ack_seconds_bucket{le="0.3",kind="action"} 1',
        'sealwatch_slack_ack_seconds_bucket{le="3",kind="action"} 2',
        'sealwatch_slack_ack_seconds_sum{kind="action"} 2.75',
        'sealwatch_slack_refused_total{reason="role"} 1',
        'sealwatch_slack_refused_total{reason="replayed"} 0',
        'sealwatch_slack_api_calls_total{method="chat.update",result="rate_limited"} 1',
      ]),
    );
  });

  it("count as made anew what follows a loss, not the first connections", async () => {
    const one = metrics();
    for (const event of ["opened", "opened", "lost", "opened", "lost"] as const) one.observer.connection(event);
    expect(await page(one)).toContain("sealwatch_slack_reconnects_total 1");
  });

  it("say that slack gives no answers, and which replica does not send", async () => {
    const status = async () => await Promise.resolve({ depth: 3, oldestAt: NOW, awaySince: NOW, isSender: false });
    expect(await page(metrics(), bot({ state: () => "connecting", status }))).toEqual(
      expect.arrayContaining(["sealwatch_slack_connected 0", "sealwatch_slack_sender 0", "sealwatch_slack_away 1"]),
    );
  });

  it("leave out what nobody can know", async () => {
    const status = async () =>
      await Promise.resolve({ depth: 0, oldestAt: undefined, awaySince: undefined, isSender: true });
    const text = (await page(metrics(), bot({ connections: () => undefined, status }))).join("\n");
    expect(text).toContain("sealwatch_slack_outbox_subjects 0");
    for (const name of ["slack_connections", "last_heard", "outbox_oldest"]) expect(text).not.toContain(name);
  });

  it("say that slack is not connected before there is a bot", async () => {
    const shown = await metrics().families(undefined);
    expect(expose(shown)).toContain("sealwatch_slack_connected 0\n");
    expect(shown.map(({ name }) => name)).not.toContain("sealwatch_slack_outbox_subjects");
  });

  it.each([
    { name: "fails", status: async () => await Promise.reject(new Error("the database is away")), fire: false },
    { name: "does not answer", status: async () => await new Promise<never>(() => {}), fire: true },
  ])("show everything else when the store $name, and wait 2 s at most", async ({ status, fire }) => {
    const waits: number[] = [];
    const logs: string[] = [];
    const timers = {
      after: (milliseconds: number, callback: () => void) => {
        waits.push(milliseconds);
        if (fire) callback();
        return () => {};
      },
    };
    const logger = { ...silentLogger, error: (message: string) => void logs.push(message) };
    const lines = await page(metrics({ timers, logger }), bot({ status }));
    expect(lines).toContain("sealwatch_slack_connected 1");
    expect(lines.join("\n")).not.toContain("outbox");
    expect(waits).toEqual([2000]);
    expect(logs).toEqual(["what waits for slack could not be read for its metrics"]);
  });

  it("show only families that are declared, each with its name and help", async () => {
    const one = metrics();
    one.observer.heard();
    one.observer.acked("command", 0.1);
    one.observer.called("auth.test", "ok", 0.1);
    const shown = await one.families(bot());
    const declared = Object.values(SLACK_FAMILIES);
    expect(new Set(shown.map(({ name }) => name))).toEqual(new Set(declared.map(({ name }) => name)));
    for (const { name, type, help } of shown)
      expect(declared.find((each) => each.name === name)).toMatchObject({ type, help });
  });
});
