import { describe } from "@jest/globals";
import { createMemoryStore } from "../../src/store/memory.ts";
import { createMemoryRuns, type HeldRuns } from "../../src/store/memory/runs.ts";
import { runStoreContract } from "../contracts/run-store.contract.ts";
import { clusterLocksContract } from "./cluster-locks.contract.ts";
import { inboxContract } from "./inbox.contract.ts";
import { outboxContract } from "./outbox.contract.ts";
import { sideStoresContract } from "./side-stores.contract.ts";
import { tamperingContract, type Victim } from "./tampering.contract.ts";
import { timedLockContract } from "./timed-lock.contract.ts";

describe("the memory store", () => {
  runStoreContract(() => createMemoryStore());
  sideStoresContract((machine) => createMemoryStore({ machine }));
  clusterLocksContract(() => createMemoryStore());
  timedLockContract(() => createMemoryStore());
  outboxContract(() => createMemoryStore());
  inboxContract(() => createMemoryStore());
});

/** Edits the map as a mistake of ours would. */
function openVictim(): Victim {
  const held: HeldRuns = new Map();
  const change = (changes: Partial<NonNullable<ReturnType<HeldRuns["get"]>>>): void => {
    const run = held.get("R1");
    if (run !== undefined) held.set("R1", { ...run, ...changes });
  };
  return {
    runs: createMemoryRuns({ runs: held, locks: new Map(), outbox: { note: async () => {} } }),
    entries: async (runId) => held.get(runId)?.entries ?? [],
    rewrite: async (entries) => change({ entries: entries.toSorted((a, b) => a.sequence - b.sequence) }),
    rewriteHead: async (head) => change({ head: head ?? { version: 0, head: "0".repeat(64) } }),
    close: () => {},
  };
}

describe("memory that was edited", () => {
  tamperingContract(openVictim);
});
