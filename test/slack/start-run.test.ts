import { describe, expect, it } from "@jest/globals";
import type { StartRequest } from "../../src/runner/ports.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../../src/slack/ids.ts";
import { createTurns } from "../../src/slack/publish/turns.ts";
import { startRun } from "../../src/slack/start-run.ts";
import { memoryRuns, type MemoryRuns } from "./memory.ts";
import { alertGroup, finished, GROUP_KEY, runbook, started } from "./timeline.ts";
import { openWorld } from "./world.ts";

/** Starts as a store does: the run is there some turns later. */
function startSlowly(runs: MemoryRuns): void {
  runs.answerStart = async ({ origin }) => {
    const runId = `R${runs.started.length}`;
    await new Promise((resolve) => setImmediate(resolve));
    runs.append(runId, started(runId, origin));
    return { ok: true, runId };
  };
}

const request = (alertGroupKey: string | undefined): StartRequest => ({
  runbook: runbook.id,
  inputs: { cluster: "prod", node: "vault-2" },
  by: { id: "bob", name: "bob", role: "approver", groups: [] },
  origin: alertGroupKey === undefined ? { surface: "slack" } : { surface: "slack", alertGroup: alertGroupKey },
});

function starter() {
  const runs = memoryRuns();
  startSlowly(runs);
  return { runs, inTurn: createTurns(), externalUrl: "https://sealwatch.example" };
}

describe("starting a run", () => {
  it("starts one for an alert group when several people ask in the same tick, and tells the others of it", async () => {
    const bot = starter();
    const outcomes = await Promise.all([1, 2, 3].map(async () => await startRun(bot, request(GROUP_KEY))));
    expect(bot.runs.started).toHaveLength(1);
    expect(outcomes[0]).toEqual({ ok: true, runId: "R1" });
    for (const outcome of outcomes.slice(1))
      expect(outcome).toEqual({ already: expect.stringContaining("started by alice") });
  });

  it.each([
    { name: "the alert groups differ", keys: ["a", "b"] },
    { name: "there is no alert", keys: [undefined, undefined] },
  ])("starts each when $name", async ({ keys }) => {
    const bot = starter();
    await Promise.all(keys.map(async (key) => await startRun(bot, request(key))));
    expect(bot.runs.started).toHaveLength(2);
  });

  it("starts again when the one before ended", async () => {
    const bot = starter();
    await startRun(bot, request(GROUP_KEY));
    bot.runs.append("R1", finished());
    expect(await startRun(bot, request(GROUP_KEY))).toEqual({ ok: true, runId: "R2" });
  });
});

describe("the form that an alert's button opened", () => {
  it("starts one run when two people submit it, and closes with a word for the second", async () => {
    await using world = await openWorld({ match: () => ({ runbook: runbook.id, inputs: { cluster: "prod" } }) });
    startSlowly(world.runs);
    await world.alerts.put(alertGroup());
    world.bot.publishAlert(alertGroup());
    await world.bot.idle();
    const [card] = world.slack.messages();
    for (const user of ["U0ALICE", "U0BOB"]) await world.slack.as(user).click(card ?? "", ACTIONS.openRunbookForm);
    await world.bot.idle();
    const filled = { [BLOCKS.runInput("node")]: "vault-2" };
    for (const user of ["U0ALICE", "U0BOB"])
      expect(await world.slack.as(user).submit(VIEWS.startRun, filled)).toEqual({ outcome: "closed" });
    await world.bot.idle();
    expect(world.runs.started).toHaveLength(1);
    const answer = await world.slack.waitForEphemeral("U0BOB", () => true);
    expect(answer.text).toContain("It is open already: started by alice");
  });
});
