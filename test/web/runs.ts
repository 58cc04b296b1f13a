import { createHash } from "node:crypto";
import { replay } from "../../src/engine/evolve.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { planHash } from "../../src/engine/plan.ts";
import type { Gate, Plan, Values } from "../../src/engine/run.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import type { WebOptions } from "../../src/web/router.ts";

/** 2026-11-22 03:04:05 UTC. */
export const NIGHT = Date.UTC(2026, 10, 22, 3, 4, 5);

/** A runbook with a step of each kind. */
export const lostPeer = Runbook.parse({
  id: "lost-peer",
  title: "A node is lost for good",
  alerts: ["VaultQuorumAtRisk"],
  meaning: "A voter does not take part.\n\n- raft counts it\n- nobody hears of it",
  impact: "Nothing fails *yet*.",
  verify: "Raft's configuration does not list the node any more.",
  escalate: "Without a leader, wake the owner of the cluster.",
  departs: "The usual advice calls `remove-peer` as soon as a node is down.",
  inputs: {
    cluster: { type: "cluster" },
    node: { type: "node", description: "The node that is lost." },
  },
  steps: [
    {
      id: "silent",
      title: "Is `${inputs.node}` silent?",
      check: "vault.health",
      with: { node: "${inputs.node}" },
      expect: "!result.reachable",
      otherwise: {
        finish: "stopped",
        say: "`${inputs.node}` answers, ${result.sealed ? \"{sealed}\" : 'open'} as it is.",
      },
    },
    { id: "gone", manual: "Is the machine gone?", commands: ["ping ${inputs.node}"], when: "steps.silent.down" },
    { id: "remove", title: "Remove it from raft", do: "vault.raft-remove-peer", with: { node: "${inputs.node}" } },
    { id: "removed", title: "Is it gone?", wait: "vault.raft-peers", until: "!result.peer_known", timeout: "1m" },
    { id: "next", say: "`${inputs.node}` is removed." },
  ],
});

const alice = { id: "alice", name: "Alice" };
const bob = { id: "bob", name: "Bob" };

/** The plan of the removal, with texts that a test may change. */
export function removal(explain: Partial<Plan["explain"]> = {}): Plan {
  return {
    call: { name: "vault.raft-remove-peer", with: { node: "vault-2" } },
    danger: "destructive",
    effect: "once",
    cluster: "prod",
    clusterId: "id-1",
    runbookDigest: "d",
    preconditions: [
      { name: "quorum", ok: true, value: 3, text: "3 voters, 2 healthy; after the removal 2 voters, 2 needed" },
      { name: "silent", ok: true, value: true, text: "`vault-2` does not answer" },
    ],
    explain: {
      call: "POST sys/storage/raft/remove-peer on `vault-0`, server_id `vault-2`",
      cost: "the cluster has one voter less until a new node joins",
      proof: "raft's configuration does not list `vault-2`",
      ...explain,
    },
  };
}

/** The first event of a run. */
export function began(
  changes: { inputs?: Values; runbook?: Runbook; runId?: string; dryRun?: boolean; drill?: boolean } = {},
): RunEvent {
  return {
    type: "RunStarted",
    at: NIGHT,
    runId: "R1",
    runbook: lostPeer,
    runbookText: "id: lost-peer\n",
    runbookDigest: createHash("sha256").update("id: lost-peer\n").digest("hex"),
    cluster: "prod",
    inputs: { cluster: "prod", node: "vault-2" },
    by: alice,
    origin: { surface: "slack" },
    driver: "here:7:abc",
    ...changes,
  };
}

const checked: readonly RunEvent[] = [
  { type: "AlertNoted", at: NIGHT + 100, status: "firing" },
  { type: "StepStarted", at: NIGHT + 200, step: "silent", title: "Is `vault-2` silent?" },
  {
    type: "StepSucceeded",
    at: NIGHT + 2300,
    step: "silent",
    result: {},
    text: "`vault-2` does not answer",
    by: undefined,
  },
];

/** A run that waits for a human's work. */
export const manual: readonly RunEvent[] = [
  began(),
  ...checked,
  { type: "StepStarted", at: NIGHT + 2400, step: "gone", title: "Is the machine gone?" },
  {
    type: "ManualBegun",
    at: NIGHT + 2400,
    step: "gone",
    text: "Can `vault-2` come back?\n1. Look at the machine.\n2. Look at its *volume*.",
    commands: ["ping -c1 vault-2"],
    watch: undefined,
  },
];

const gate: Gate = {
  id: "remove.1",
  step: "remove",
  plan: removal(),
  planHash: planHash("remove", removal()),
  approvals: 2,
  notTheStarter: true,
  groups: [],
  votesExpireMs: 600_000,
  phrase: "prod",
  openedAt: NIGHT + 62_000,
  expiresAt: NIGHT + 962_000,
  votes: [],
  differences: [],
};

/** A run that waits for the second of two approvals. */
export const atGate: readonly RunEvent[] = [
  ...manual,
  { type: "StepSucceeded", at: NIGHT + 60_000, step: "gone", result: {}, text: "confirmed by Alice", by: alice },
  { type: "StepStarted", at: NIGHT + 60_100, step: "remove", title: "Remove it from raft" },
  { type: "PlanRequested", at: NIGHT + 60_100, step: "remove", call: removal().call },
  { type: "GateOpened", at: NIGHT + 62_000, gate },
  { type: "GateVoted", at: NIGHT + 90_000, gate: "remove.1", by: bob },
];

/** A run that asks a person something. */
export const asking: readonly RunEvent[] = [
  began(),
  { type: "StepStarted", at: NIGHT + 200, step: "silent", title: "Is the rack dark?" },
  {
    type: "AskBegun",
    at: NIGHT + 200,
    step: "silent",
    text: "Is the *rack* dark?",
    answer: { type: "enum", options: ["dark", "lit"] },
  },
];

/** A run that waits for another one's lock. */
export const lockedOut: readonly RunEvent[] = [
  began(),
  { type: "StepStarted", at: NIGHT + 200, step: "remove", title: "Remove it from raft" },
  { type: "LockRequested", at: NIGHT + 200, step: "remove", call: { name: "vault.raft-remove-peer", with: {} } },
  { type: "LockAwaited", at: NIGHT + 300, step: "remove", heldBy: { runId: "R7", since: NIGHT - 240_000 } },
];

/** A run in a block of two rounds. */
export const nested: readonly RunEvent[] = [
  began({
    runbook: Runbook.parse({
      ...lostPeer,
      inputs: { cluster: { type: "cluster" } },
      steps: [
        {
          id: "rolling",
          forEach: "inputs.nodes",
          as: "node",
          steps: [
            { id: "look", check: "vault.seal-status" },
            { id: "tell", say: "Next." },
          ],
        },
      ],
    }),
  }),
  { type: "StepStarted", at: NIGHT + 200, step: "rolling", title: "One after the other" },
  { type: "LoopBegun", at: NIGHT + 200, step: "rolling", items: ["vault-0", "vault-1"] },
];

/** A run that ended well. */
export const resolved: readonly RunEvent[] = [
  ...atGate,
  { type: "GateVoted", at: NIGHT + 95_000, gate: "remove.1", by: { id: "carol", name: "Carol" } },
  { type: "GateAgreed", at: NIGHT + 95_000, gate: "remove.1" },
  {
    type: "StepSucceeded",
    at: NIGHT + 97_000,
    step: "remove",
    result: {},
    text: "`vault-2` is removed",
    by: undefined,
  },
  { type: "Said", at: NIGHT + 98_000, text: "`vault-2` is removed. Replace it with an *empty* node.", by: undefined },
  { type: "RunFinished", at: NIGHT + 98_500, result: "resolved", text: "every step is done", by: undefined },
];

/** Gives the run that events lead to, as the run service loads it. */
export function loaded(events: readonly RunEvent[]): LoadedRun {
  const run = replay(events);
  if (run.status === "none") throw new Error("the events of a run begin with RunStarted");
  return { run, version: events.length, head: createHash("sha256").update(String(events.length)).digest("hex") };
}

/** A run service that only shows: the given runs, the newest first. */
export function shownRuns(...runs: readonly LoadedRun[]): WebOptions["runs"] {
  return {
    get: async (id) => runs.find(({ run }) => run.id === id),
    list: async ({ open, limit }) =>
      runs.filter(({ run }) => open === undefined || (run.status === "open") === open).slice(0, limit),
  };
}
