import { describe, expect, it } from "@jest/globals";
import type { PastRun } from "../../src/actions/services.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { createRunHistory } from "../../src/runner/run-history.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { LocalStore } from "../../src/store/store.ts";
import { ended, finished, said, summary } from "../store/run-fixtures.ts";

const which = { cluster: "prod", runbook: "emergency-seal" };
const NEVER = new AbortController().signal;

async function listed(store: LocalStore, signal = NEVER): Promise<readonly PastRun[]> {
  return await Array.fromAsync(createRunHistory(store.runs).of(which, { signal }));
}

/** Only what the history reads of these events. */
function started(dryRun = false): RunEvent {
  return { type: "RunStarted", at: 1, dryRun } as RunEvent;
}
function attempted(action: string, at: number): RunEvent {
  return { type: "StepAttempted", step: "seal", at, plan: { call: { name: action, with: {} } } } as RunEvent;
}

describe("the history of runs", () => {
  it("tells the calls of a run with their times, how it ended, and who began it, newest run first", async () => {
    const store = createMemoryStore();
    const about = { runbook: "emergency-seal" };
    await store.runs.append("old", 0, [started(), attempted("vault.seal-cluster", 5), finished()], ended(about));
    await store.runs.append("new", 0, [started(), said("looking")], summary({ ...about, startedAt: 20, drill: true }));

    expect(await listed(store)).toEqual([
      { id: "new", startedBy: "alice", startedAt: 20, endedAt: undefined, outcome: "", drill: true, calls: [] },
      {
        id: "old",
        startedBy: "alice",
        startedAt: 1,
        endedAt: 9,
        outcome: "resolved",
        drill: false,
        calls: [{ action: "vault.seal-cluster", at: 5 }],
      },
    ]);
  });

  it("leaves out dry runs, other clusters and other runbooks", async () => {
    const store = createMemoryStore();
    await store.runs.append("dry", 0, [started(true)], summary({ runbook: "emergency-seal" }));
    await store.runs.append("elsewhere", 0, [started()], summary({ runbook: "emergency-seal", cluster: "lab" }));
    await store.runs.append("other", 0, [started()], summary({ runbook: "sealed-node" }));
    expect(await listed(store)).toEqual([]);
  });

  it("reads no further when the step's time is over", async () => {
    const store = createMemoryStore();
    await store.runs.append("one", 0, [started()], summary({ runbook: "emergency-seal" }));
    await expect(listed(store, AbortSignal.abort())).rejects.toMatchObject({ reason: "aborted" });
  });
});
