import type { RunEvent } from "../../src/engine/events.ts";
import type { Gate, Origin } from "../../src/engine/run.ts";
import { Runbook, type Answer } from "../../src/runbook/schema.ts";
import type { AlertFact, AlertGroup } from "../../src/runner/ports.ts";

/** 2026-11-22 03:04 UTC. */
export const T0 = Date.UTC(2026, 10, 22, 3, 4);

export const alice = { id: "alice", name: "alice" };
export const bob = { id: "bob", name: "bob" };

export const runbook = Runbook.parse({
  id: "sealed-node",
  title: "A node is sealed",
  alerts: ["VaultNodeSealed"],
  meaning: "One node cannot serve.",
  impact: "One more loss stops the cluster.",
  verify: "Its seal status says unsealed.",
  escalate: "Whoever keeps the KMS.",
  inputs: { cluster: { type: "cluster" }, node: { type: "node", label: "vault_node" } },
  steps: [
    { id: "seal", title: "Read the seal", check: "vault.seal-status" },
    { id: "step_down", title: "Make the leader step down", do: "vault.step-down" },
    {
      id: "unseal",
      title: "Unseal by hand",
      manual: "Give key shares at the node.",
      commands: ["vault operator unseal"],
    },
  ],
});

export function started(runId: string, origin: Origin = { surface: "cli" }, title = runbook.title): RunEvent {
  return {
    type: "RunStarted",
    at: T0,
    runId,
    runbook: { ...runbook, title },
    runbookText: "id: sealed-node\n",
    runbookDigest: "ab".repeat(32),
    cluster: "prod",
    inputs: { cluster: "prod", node: "vault-2" },
    by: alice,
    origin,
    driver: "here",
  };
}

export function checked(text = "`vault-2` is sealed (awskms)."): readonly RunEvent[] {
  return [
    { type: "StepStarted", at: T0 + 1000, step: "seal", title: "Read the seal" },
    { type: "StepSucceeded", at: T0 + 2000, step: "seal", result: {}, text, by: undefined },
  ];
}

export function gate(change: Partial<Gate> = {}): Gate {
  return {
    id: "step_down.1",
    step: "step_down",
    plan: {
      call: { name: "vault.step-down", with: { node: "vault-0" } },
      danger: "disruptive",
      effect: "once",
      cluster: "prod",
      clusterId: "8d1c1f0e-5d0a-4f0b-9c43-0d6f6f2b7a11",
      runbookDigest: "ab".repeat(32),
      preconditions: [
        { name: "quorum", ok: true, value: 3, text: "3 voters, 3 healthy; one leader fewer leaves 2 of 2 needed" },
      ],
      explain: {
        call: "PUT sys/step-down on vault-0",
        cost: "No leader for some seconds.",
        proof: "Another node says that it leads.",
      },
    },
    planHash: "cd".repeat(32),
    approvals: 1,
    notTheStarter: true,
    groups: [],
    votesExpireMs: 600_000,
    phrase: undefined,
    openedAt: T0 + 3000,
    expiresAt: T0 + 30 * 60_000,
    votes: [],
    differences: [],
    ...change,
  };
}

export function gateOpened(change: Partial<Gate> = {}): readonly RunEvent[] {
  return [
    { type: "StepStarted", at: T0 + 2500, step: "step_down", title: "Make the leader step down" },
    { type: "GateOpened", at: T0 + 3000, gate: gate(change) },
  ];
}

/** A gate that asks for the cluster's name. */
export const TYPED = { phrase: "prod" } as const;

export function manualBegun(progress?: string): readonly RunEvent[] {
  const watch = { call: { name: "vault.seal-status", with: { node: "vault-2" } }, everyMs: 5000 };
  const begun: readonly RunEvent[] = [
    { type: "StepStarted", at: T0 + 4000, step: "unseal", title: "Unseal by hand" },
    {
      type: "ManualBegun",
      at: T0 + 4000,
      step: "unseal",
      text: "Give key shares at the node.",
      commands: ["vault operator unseal"],
      watch: progress === undefined ? undefined : watch,
    },
  ];
  return progress === undefined ? begun : [...begun, { type: "Polled", at: T0 + 5000, step: "unseal", progress }];
}

export function stuck(
  message = "cannot read sys/leader on vault-0: no answer in 5s; look at the node",
): readonly RunEvent[] {
  return [
    { type: "StepStarted", at: T0 + 2500, step: "step_down", title: "Make the leader step down" },
    { type: "StepStuck", at: T0 + 2600, step: "step_down", failure: { reason: "timeout", message, retryable: true } },
  ];
}

export function finished(result: "resolved" | "aborted" = "resolved"): RunEvent {
  return { type: "RunFinished", at: T0 + 90_000, result, text: "vault-2 serves again.", by: undefined };
}

/** A question of the run's. */
export function asked(answer: Answer = { type: "enum", options: ["dark", "lit"] }): readonly RunEvent[] {
  return [
    { type: "StepStarted", at: T0 + 2500, step: "step_down", title: "Is the rack dark?" },
    { type: "AskBegun", at: T0 + 2500, step: "step_down", text: "Is the rack dark?", answer },
  ];
}

/** Nobody can tell what a call did. */
export function unknown(): readonly RunEvent[] {
  const { plan } = gate();
  const attempt = {
    id: "R1/step_down/1",
    at: T0 + 4000,
    holder: "here",
    epoch: 0,
    deadline: T0 + 34_000,
    approvedBy: [bob],
  };
  return [
    { type: "StepStarted", at: T0 + 2500, step: "step_down", title: "Make the leader step down" },
    { type: "StepAttempted", at: T0 + 4000, step: "step_down", plan, attempt },
    {
      type: "ProbeBegun",
      at: T0 + 5000,
      step: "step_down",
      cause: "no-answer",
      output: {},
      deadline: T0 + 15_000,
      why: undefined,
    },
    { type: "OutcomeUnknown", at: T0 + 15_000, step: "step_down", evidence: "two nodes call themselves leader" },
  ];
}

/** The run waits for another one's lock. */
export function lockedOut(runId = "R7"): readonly RunEvent[] {
  return [
    { type: "StepStarted", at: T0 + 2500, step: "step_down", title: "Make the leader step down" },
    { type: "LockRequested", at: T0 + 2500, step: "step_down", call: gate().plan.call },
    { type: "LockAwaited", at: T0 + 2600, step: "step_down", heldBy: { runId, since: T0 - 60_000 } },
  ];
}

/** A call waits because the alert is resolved. */
export function held(): readonly RunEvent[] {
  return [
    { type: "StepStarted", at: T0 + 2500, step: "step_down", title: "Make the leader step down" },
    alertNoted("resolved"),
    { type: "StepHeld", at: T0 + 2600, step: "step_down", call: gate().plan.call },
  ];
}

export function alertNoted(status: "firing" | "resolved"): RunEvent {
  return { type: "AlertNoted", at: T0 + 2550, status };
}

/** The run polls a check. */
export function waiting(): readonly RunEvent[] {
  const call = { name: "vault.seal-status", with: { node: "vault-2" } };
  return [
    { type: "StepStarted", at: T0 + 2500, step: "seal", title: "Wait for the seal" },
    { type: "WaitBegun", at: T0 + 2500, step: "seal", call, everyMs: 5000, deadline: T0 + 600_000 },
  ];
}

/** A call is under way. */
export function attempted(): readonly RunEvent[] {
  return unknown().slice(0, 2);
}

/** One person went past the gate. */
export function broken(reason: string): readonly RunEvent[] {
  const said: RunEvent = { type: "Said", at: T0 + 9000, text: `BREAK-GLASS: bob: ${reason}`, by: bob };
  return [...gateOpened(), { type: "GateBroken", at: T0 + 9000, gate: "step_down.1", by: bob, reason }, said];
}

/** Bob attached a file, and put somebody else in charge. */
export function attached(name: string): readonly RunEvent[] {
  const evidence = { at: T0 + 9500, by: bob, name, sha256: "ab".repeat(32), bytes: 7, text: "secret-free" };
  return [
    { type: "EvidenceAttached", at: T0 + 9500, evidence },
    { type: "Assigned", at: T0 + 9600, to: { id: "x", name: name === "" ? "x" : name }, by: bob },
  ];
}

/** Bob aborts the run. */
export function cancelled(): RunEvent {
  return {
    type: "CancelBegun",
    at: T0 + 9000,
    by: bob,
    reason: "enough",
    deadline: T0 + 99_000,
    underWay: undefined,
    caution: undefined,
  };
}

/** Sixty steps in blocks three deep: four rounds of three rounds of five steps; the last stands at a gate. */
export function deepRun(title: string): readonly RunEvent[] {
  const inner = [1, 2, 3, 4, 5].map((number) => ({ id: `a_step_with_a_long_name_${number}`, say: "x", title }));
  const nested = Runbook.parse({
    ...runbook,
    inputs: { cluster: { type: "cluster" } },
    steps: [
      {
        id: "clusters",
        title,
        forEach: "[1]",
        steps: [{ id: "nodes", title, forEach: "[1]", steps: [...inner, { id: "act", do: "vault.step-down" }] }],
      },
    ],
  });
  const outer = ["a", "b", "c", "d"].flatMap((_item, round): RunEvent[] => [
    { type: "LoopBegun", at: T0 + 20, step: `clusters[${round}].nodes`, items: ["x", "y", "z"] },
  ]);
  const last = "clusters[3].nodes[2].act";
  return [
    { ...started("R1"), runbook: nested } as RunEvent,
    { type: "LoopBegun", at: T0 + 10, step: "clusters", items: ["a", "b", "c", "d"] },
    ...outer,
    { type: "StepStarted", at: T0 + 2500, step: last, title },
    { type: "GateOpened", at: T0 + 3000, gate: gate({ id: `${last}.1`, step: last }) },
  ];
}

/** Alertmanager's group keys hold braces and quotes. */
export const GROUP_KEY = '{}/{severity="page"}:{alertname="VaultNodeSealed", vault_cluster="prod"}';

export const ALERT: AlertFact = {
  fingerprint: "f1",
  status: "firing",
  labels: { alertname: "VaultNodeSealed", severity: "page", vault_cluster: "prod", vault_node: "vault-2" },
  annotations: { summary: "vault-2 of prod is sealed", runbook_url: "https://sealwatch.example/runbooks/sealed-node" },
  startsAt: T0 - 120_000,
  endsAt: undefined,
};

export function alertGroup(status: AlertGroup["status"] = "firing", change: Partial<AlertGroup> = {}): AlertGroup {
  return { key: GROUP_KEY, status, receivedAt: T0, startsAt: T0 - 120_000, alerts: [{ ...ALERT, status }], ...change };
}
