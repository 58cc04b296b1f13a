import { describe, expect, it } from "@jest/globals";
import { silentLogger } from "../../../src/lib/logger.ts";
import type { Outgoing } from "../../../src/slack/outgoing.ts";
import { keepAlert } from "../../../src/slack/publish/keep-alert.ts";
import { keepRun } from "../../../src/slack/publish/keep-run.ts";
import { createLedger } from "../../../src/slack/publish/ledger.ts";
import type { Sender } from "../../../src/slack/publish/sender.ts";
import { KEYS } from "../../../src/slack/ids.ts";
import { alertId } from "../../../src/slack/sha256.ts";
import { memoryAlerts, memoryMessages, memoryRuns } from "../memory.ts";
import { alertGroup, finished, GROUP_KEY, manualBegun, started, T0 } from "../timeline.ts";

const MINUTE = 60_000;
const content = { text: "hello", blocks: [] };
const message = (key: string) => ({ key, channel: "C1", ts: "1.1", digest: "d" });

function openLedger() {
  const messages = memoryMessages();
  const time = { now: T0 };
  const clock = { now: () => time.now };
  return { messages, time, clock, ledger: createLedger(messages, clock) };
}

/** A publisher's parts over a Slack that only counts. */
function openKeepers() {
  const parts = openLedger();
  const sent = { posts: 0, updates: 0 };
  const unasked = (): never => {
    throw new Error("the test's slack was asked something that it does not know");
  };
  const outgoing: Outgoing = {
    post: async () => await Promise.resolve(`1.${++sent.posts}`),
    update: async () => await Promise.resolve(void sent.updates++),
    whisper: unasked,
    respond: unasked,
    openView: unasked,
    findKeys: unasked,
    whoAmI: unasked,
    viewErrors: unasked,
  };
  const pace = { take: async () => await Promise.resolve() };
  const { ledger, clock } = parts;
  const sender: Sender = { outgoing, ledger, clock, channel: "C1", logger: silentLogger, posts: pace, updates: pace };
  const runs = memoryRuns();
  const alerts = memoryAlerts();
  const externalUrl = "https://sealwatch.example";
  return {
    ...parts,
    sent,
    runs,
    alerts,
    keepRun: async (runId: string) =>
      await keepRun(
        {
          sender,
          runs,
          draw: { externalUrl, approversOf: async () => await Promise.resolve([]) },
          noteGroup: () => {},
          alertRoot: async () => await Promise.resolve({ ts: undefined, againMs: undefined }),
        },
        runId,
        false,
      ),
    keepAlert: async () =>
      await keepAlert(
        { sender, alerts, runs, match: () => undefined, titleOf: () => undefined, externalUrl, runsOf: () => [] },
        GROUP_KEY,
        false,
      ),
  };
}

describe("the ledger", () => {
  it("lets go of what it knows of a subject's messages an hour after it was over, and of nothing else", async () => {
    const { ledger, messages, time } = openLedger();
    for (const key of ["run:R1/card", "run:R1/end", "run:R11/card"]) await ledger.remember(message(key), content);
    ledger.retire("run:R1/");
    time.now += 59 * MINUTE;
    await ledger.flush();
    expect(ledger.lastContent("run:R1/card")).toEqual(content);
    time.now += MINUTE;
    await ledger.flush();
    expect(["run:R1/card", "run:R1/end"].map(ledger.lastContent)).toEqual([undefined, undefined]);
    expect(["run:R1/card", "run:R1/end"].map(ledger.lastSentAt)).toEqual([undefined, undefined]);
    expect(ledger.lastContent("run:R11/card")).toEqual(content);
    expect(messages.all.size).toBe(3);
  });

  it("keeps a subject of which more was said after it was over, until that is an hour old too", async () => {
    const { ledger, time } = openLedger();
    await ledger.remember(message("run:R1/card"), content);
    ledger.retire("run:R1/");
    time.now += 40 * MINUTE;
    await ledger.remember(message("run:R1/end"), content);
    ledger.retire("run:R1/");
    time.now += 40 * MINUTE;
    await ledger.flush();
    expect(ledger.lastContent("run:R1/card")).toEqual(content);
    time.now += 20 * MINUTE;
    await ledger.flush();
    expect(ledger.lastContent("run:R1/card")).toBeUndefined();
  });

  it("keeps what the store could not take, whatever is over", async () => {
    const { ledger, messages, time } = openLedger();
    messages.failPuts = 1;
    await expect(ledger.remember(message("run:R1/card"), content)).rejects.toThrow("the disk is full");
    ledger.retire("run:R1/");
    time.now += 61 * MINUTE;
    await ledger.flush();
    expect(messages.all.has("run:R1/card")).toBe(true);
  });

  it("lets go of a run that ended, whose messages are still edited and not posted again", async () => {
    const world = openKeepers();
    world.runs.append("R1", started("R1"), ...manualBegun());
    world.runs.append("R2", started("R2"), ...manualBegun());
    await world.keepRun("R1");
    await world.keepRun("R2");
    world.runs.append("R1", finished());
    await world.keepRun("R1");
    const { posts } = world.sent;
    world.time.now += 61 * MINUTE;
    await world.ledger.flush();
    expect(world.ledger.lastContent(KEYS.runCard("R1"))).toBeUndefined();
    expect(world.ledger.lastContent(KEYS.runCard("R2"))).toBeDefined();
    for (const held of world.messages.all.values()) await world.messages.put({ ...held, digest: "found" });
    world.sent.updates = 0;
    await world.keepRun("R1");
    expect(world.sent.posts).toBe(posts);
    expect(world.sent.updates).toBeGreaterThan(0);
  });

  it("lets go of an alert that was resolved, and not of one that fires again", async () => {
    const world = openKeepers();
    const card = KEYS.alertCard(await alertId(GROUP_KEY));
    const say = async (status: "firing" | "resolved"): Promise<void> => {
      await world.alerts.put(alertGroup(status));
      await world.keepAlert();
    };
    await say("firing");
    await say("resolved");
    await say("firing");
    world.time.now += 61 * MINUTE;
    await world.ledger.flush();
    expect(world.ledger.lastContent(card)).toBeDefined();
    await say("resolved");
    world.time.now += 61 * MINUTE;
    await world.ledger.flush();
    expect(world.ledger.lastContent(card)).toBeUndefined();
  });
});
