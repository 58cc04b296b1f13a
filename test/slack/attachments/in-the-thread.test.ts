import { describe, expect, it } from "@jest/globals";
import { drawChart } from "../../../src/chart/draw-chart.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import { Runbook } from "../../../src/runbook/schema.ts";
import { gateOpened, started, T0, runbook } from "../timeline.ts";
import { buttonsOf, byKey, openWorld, textOf, until, type World } from "../world.ts";
import { PNG } from "./world.ts";

const looked = Runbook.parse({
  ...runbook,
  steps: [
    { id: "latency", title: "Latency of requests", check: "prometheus.query-range", with: { query: "up", unit: "s" } },
    ...runbook.steps,
  ],
});

const result = {
  found: true,
  count: 1,
  from: T0 - 3_600_000,
  step: 92_308,
  unit: "s",
  series: [
    {
      labels: '{vault_node="vault-0"}',
      points: Array.from({ length: 40 }, (_, step) => (step > 30 ? 0.42 : 0.004)),
      gaps: [],
    },
  ],
};

/** A run that looked at a chart, and said so in `text`. */
function looking(text = "▁▁▁▁▁▁▇▇"): readonly RunEvent[] {
  const begun = started("R1");
  return [
    ...(begun.type === "RunStarted" ? [{ ...begun, runbook: looked }] : []),
    { type: "StepStarted", at: T0 + 1000, step: "latency", title: "Latency of requests" },
    { type: "StepSucceeded", at: T0 + 2000, step: "latency", result, text, by: undefined },
  ];
}

const STEP = byKey("run:R1/step:latency:1");

function stepOf(world: World) {
  return world.slack.messages().find(STEP);
}

function hasImage(world: World): boolean {
  return JSON.stringify(stepOf(world)?.blocks ?? []).includes('"type":"image"');
}

describe("a chart in a run's thread", () => {
  it("stands below the step's words, really drawn, and its words tell the numbers", async () => {
    await using world = await openWorld({ drawChart });
    world.runs.append("R1", ...looking());
    await world.bot.idle();
    await until(() => hasImage(world));
    const blocks = JSON.stringify(stepOf(world)?.blocks);
    const [file] = world.slack.files();
    expect(blocks).toContain(`"slack_file":{"id":"${file?.id}"}`);
    expect(blocks).toContain("Latency of requests: vault-0 from 4 ms to 420 ms now; run started at 03:04 UTC");
    expect(textOf(stepOf(world))).toContain("▁▁▁▁▁▁▇▇");
    expect(file?.bytes.byteLength).toBeGreaterThan(10_000);
    expect(world.slack.messages().filter(STEP)).toHaveLength(1);
  });

  it("holds up no gate: while it is drawn the gate is there", async () => {
    const endless = new Promise<Uint8Array>(() => {});
    await using world = await openWorld({ drawChart: async () => await endless });
    world.runs.append("R1", ...looking(), ...gateOpened());
    await until(() => world.slack.messages().some(byKey("run:R1/gate:step_down.1")));
    expect(buttonsOf(world.slack.messages().find(byKey("run:R1/gate:step_down.1")))).toContain(
      "sealwatch.gate.approve",
    );
    expect(textOf(stepOf(world))).toContain("▁▁▁▁▁▁▇▇");
    expect(hasImage(world)).toBe(false);
  });

  it("comes later when Slack is still taking the file in, and the words stand meanwhile", async () => {
    await using world = await openWorld({ drawChart: async () => await Promise.resolve(PNG) });
    world.slack.holdFiles(true);
    world.runs.append("R1", ...looking());
    // Refused with the picture at least once.
    await until(() =>
      world.slack.calls().some(({ method, error }) => method === "chat.update" && error === "invalid_blocks"),
    );
    expect(textOf(stepOf(world))).toContain("▁▁▁▁▁▁▇▇");
    expect(hasImage(world)).toBe(false);
    world.slack.holdFiles(false);
    await until(() => hasImage(world));
    expect(world.slack.files()).toHaveLength(1);
    expect(world.slack.messages().filter(STEP)).toHaveLength(1);
  });

  it("is left out when the bot may not upload: the words are there, and nothing is asked for again", async () => {
    await using world = await openWorld({ drawChart: async () => await Promise.resolve(PNG) });
    world.slack.failNext("files.getUploadURLExternal", { error: "missing_scope" });
    world.runs.append("R1", ...looking());
    await world.bot.idle();
    world.runs.append("R1", ...gateOpened());
    await world.bot.idle();
    expect(world.slack.calls().filter(({ method }) => method.startsWith("files."))).toHaveLength(1);
    expect(textOf(stepOf(world))).toContain("▁▁▁▁▁▁▇▇");
    expect(hasImage(world)).toBe(false);
  });

  it("is drawn and uploaded once over a restart", async () => {
    await using world = await openWorld({ drawChart: async () => await Promise.resolve(PNG) });
    world.runs.append("R1", ...looking());
    await world.bot.idle();
    await until(() => hasImage(world));
    await world.restart();
    world.runs.append("R1", ...gateOpened());
    await world.bot.idle();
    expect(hasImage(world)).toBe(true);
    expect(world.slack.files()).toHaveLength(1);
    expect(world.slack.messages().filter(STEP)).toHaveLength(1);
  });

  it("leaves what is too long for a message as a file in the thread", async () => {
    await using world = await openWorld({ drawChart: async () => await Promise.resolve(PNG) });
    const text = Array.from({ length: 400 }, (_, line) => `lease ${line} of database/creds/readonly`).join("\n");
    world.runs.append("R1", ...looking(text));
    await world.bot.idle();
    await until(() => world.slack.files().some(({ snippetType }) => snippetType === "text"));
    const file = world.slack.files().find(({ snippetType }) => snippetType === "text");
    const card = world.slack.messages().find(byKey("run:R1/card"));
    expect(file).toMatchObject({ name: "latency-1.txt", threadTs: card?.ts });
    expect(new TextDecoder().decode(file?.bytes)).toBe(text);
  });
});
