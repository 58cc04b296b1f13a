import { describe, expect, it } from "@jest/globals";
import type { ActionContext, Values } from "../../../src/actions/action.ts";
import { latest } from "../../../src/actions/run/latest.ts";
import type { PastRun } from "../../../src/actions/services.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

const NOW = Date.UTC(2026, 0, 1, 3, 30);
const minutesAgo = (minutes: number): number => NOW - minutes * 60_000;

function past(changes: Partial<PastRun>): PastRun {
  const run = { id: "r-1", startedBy: "bob", startedAt: minutesAgo(10), endedAt: minutesAgo(5), outcome: "resolved" };
  return { ...run, drill: false, calls: [], ...changes };
}

/** A cluster that cannot be reached at all, and a store with these runs of emergency-seal, newest first. */
function contextWith(runs: readonly PastRun[]): ActionContext & { readonly read: () => number } {
  let count = 0;
  const of = async function* () {
    for (const run of runs) {
      count++;
      yield await Promise.resolve(run);
    }
  };
  const context = contextOf(createFakeCluster(["unreachable", "unreachable", "unreachable"]));
  return { ...context, clock: { now: () => NOW }, services: { runs: { of } }, read: () => count };
}

describe("the latest run", () => {
  const sealing = { action: "vault.seal-cluster", at: minutesAgo(8) };
  const open = past({ id: "open", endedAt: undefined, outcome: "" });
  const aborted = past({ id: "aborted", outcome: "aborted" });
  const sealed = past({ id: "sealed", calls: [sealing] });

  it.each<{ name: string; runs: readonly PastRun[]; input: Values; gives: Values }>([
    { name: "is none where there is none", runs: [], input: {}, gives: { found: false, run_id: "", ago: "" } },
    {
      name: "is the first of the list, with its start, and who started it",
      runs: [open, sealed],
      input: {},
      gives: { found: true, run_id: "open", open: true, outcome: "", started_by: "bob", age_seconds: 600 },
    },
    {
      name: "in which an action was called is told with the time of the call, and a later one without it does not hide it",
      runs: [aborted, sealed],
      input: { called: "vault.seal-cluster" },
      gives: {
        run_id: "sealed",
        outcome: "resolved",
        age_seconds: 480,
        at: minutesAgo(8) / 1000,
        ago: "8m",
      },
    },
    {
      name: "in which an action was called twice is told with the time of the later call",
      runs: [past({ calls: [sealing, { ...sealing, at: minutesAgo(2) }] })],
      input: { called: "vault.seal-cluster" },
      gives: { age_seconds: 120 },
    },
    {
      name: "in which another action was called is not it",
      runs: [past({ calls: [{ ...sealing, action: "vault.seal-node" }] })],
      input: { called: "vault.seal-cluster" },
      gives: { found: false },
    },
    {
      name: "that is open is found as such",
      runs: [aborted, open],
      input: { state: "open" },
      gives: { run_id: "open" },
    },
    {
      name: "that was aborted is not resolved",
      runs: [aborted, sealed],
      input: { state: "resolved" },
      gives: { run_id: "sealed" },
    },
    {
      name: "that was a drill counts, and says so",
      runs: [past({ drill: true })],
      input: {},
      gives: { found: true, drill: true },
    },
    {
      name: "is 0 s old when another clock is ahead",
      runs: [past({ startedAt: NOW + 5000 })],
      input: {},
      gives: { age_seconds: 0 },
    },
  ])("$name", async ({ runs, input, gives }) => {
    expect(await latest.read(contextWith(runs), { runbook: "emergency-seal", ...input })).toMatchObject(gives);
  });

  it("is looked for no further than it is found", async () => {
    const context = contextWith([sealed, aborted, open]);
    await latest.read(context, { runbook: "emergency-seal" });
    expect(context.read()).toBe(1);
  });

  it("cannot be told where no runs are kept, which says where to look", async () => {
    const context = { ...contextWith([]), services: {} };
    expect(await settle(latest.read(context, { runbook: "emergency-seal" }))).toMatchObject({
      reason: "refused",
      message:
        "cannot look for runs of emergency-seal on prod: this program keeps no runs; look into the channel where they are shown",
    });
  });
});
