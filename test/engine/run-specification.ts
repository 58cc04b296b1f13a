import { expect } from "@jest/globals";
import type { Actor, Role } from "../../src/access/person.ts";
import type { RunCommand } from "../../src/engine/commands.ts";
import { decide } from "../../src/engine/decide.ts";
import type { RefusalCode } from "../../src/engine/decision.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { replay } from "../../src/engine/evolve.ts";
import type { Program, StepProgram } from "../../src/engine/program.ts";
import type { OpenRun, Run } from "../../src/engine/run.ts";
import { Runbook } from "../../src/runbook/schema.ts";

/** When every specification begins. */
export const T0 = 1_700_000_000_000;

export const MINUTE = 60_000;

export const actor = (name: string, role: Role | "none" = "approver"): Actor => ({
  id: name,
  name,
  role: role === "none" ? undefined : role,
  groups: [],
});

/** The runbook of the specifications: one step of each kind. */
export const runbook = Runbook.parse({
  id: "lost-peer",
  title: "A peer is lost",
  meaning: "m",
  impact: "i",
  verify: "v",
  escalate: "e",
  inputs: { cluster: { type: "cluster" }, node: { type: "node" } },
  steps: [
    {
      id: "peers",
      check: "vault.raft-peers",
      expect: "result.down",
      otherwise: { finish: "stopped", say: "it is up" },
    },
    { id: "gone", manual: "Is the machine gone?" },
    { id: "remove", do: "vault.raft-remove-peer", with: { node: "${inputs.node}" } },
    { id: "absent", wait: "vault.raft-peers", until: "!result.known", every: "1s", timeout: "1m" },
    { id: "bye", say: "Done." },
  ],
});

/** The compiled form, written by hand: the engine needs no expression language to be specified. */
export const program: Program = {
  actions: new Map([
    [
      "vault.raft-remove-peer",
      { danger: "destructive", effect: "once", verifyWithinMs: 10_000, performWithinMs: 30_000 },
    ],
  ]),
  steps: new Map<string, StepProgram>([
    ["peers", step({ condition: ({ result }) => result?.["down"] === true, text: () => "it is up" })],
    ["gone", step({ text: () => "Is the machine gone?" })],
    ["remove", step({ input: ({ inputs }) => ({ node: inputs["node"] ?? null }) })],
    ["absent", step({ condition: ({ result }) => result?.["known"] === false })],
    ["bye", step({ text: () => "Done." })],
  ]),
};

function step(parts: Partial<StepProgram>): StepProgram {
  return {
    when: () => true,
    title: () => "a step",
    input: () => ({}),
    condition: () => true,
    text: () => "",
    commands: () => [],
    shows: undefined,
    watch: undefined,
    list: () => [],
    ...parts,
  };
}

export const start: Extract<RunCommand, { type: "Start" }> = {
  type: "Start",
  at: T0,
  runId: "R1",
  runbook,
  runbookText: "text",
  runbookDigest: "digest",
  included: {},
  dryRun: false,
  drill: false,
  cluster: "prod",
  inputs: { cluster: "prod", node: "vault-2" },
  by: actor("alice", "responder"),
  origin: { surface: "slack", alertGroup: "g1" },
  driver: "host:1:a",
};

/** Preconditions that hold; `voters` is the value that people approve. */
export const reading = (voters = 3, ok = true) =>
  ({
    ok: true,
    value: {
      clusterId: "c-1",
      preconditions: [{ name: "quorum", ok, value: { voters }, text: `${voters} voters, 2 needed` }],
      explain: { call: "POST sys/storage/raft/remove-peer vault-2", cost: "one voter less", proof: "the id is gone" },
    },
  }) as const;

/** Commands that lead, in order, to the named places of the runbook. */
export const toManual: RunCommand[] = [
  start,
  { type: "RecordCheck", at: T0 + 1, step: "peers", outcome: { ok: true, value: { down: true } } },
];
export const toLocking: RunCommand[] = [
  ...toManual,
  { type: "ConfirmManual", at: T0 + 2, step: "gone", by: actor("alice", "responder") },
];
/** The lock is the run's own. */
export const lock = (at = T0 + 2): RunCommand => ({
  type: "RecordLock",
  at,
  step: "remove",
  outcome: { ok: true, value: { runId: "R1", since: at } },
});
export const toPlanning: RunCommand[] = [...toLocking, lock()];
export const toGate: RunCommand[] = [
  ...toPlanning,
  { type: "RecordPreconditions", at: T0 + 3, step: "remove", holder: "host:1:a", outcome: reading() },
];
export const yes = (name: string, at = T0 + 4): RunCommand => ({
  type: "Approve",
  at,
  gate: "remove.1",
  by: actor(name),
  phrase: "prod",
});
export const toRechecking: RunCommand[] = [...toGate, yes("bob"), yes("carol", T0 + 5)];
export const toAttempted: RunCommand[] = [
  ...toRechecking,
  { type: "RecordPreconditions", at: T0 + 6, step: "remove", holder: "host:1:a", outcome: reading() },
];
export const attemptId = "R1/remove/1";

/** Plays commands; each must be accepted. */
export function play(commands: readonly RunCommand[]): { readonly run: Run; readonly events: readonly RunEvent[] } {
  const events: RunEvent[] = [];
  for (const command of commands) {
    const decision = decide(command, replay(events), program);
    if ("refused" in decision) throw new Error(`${command.type} was refused: ${decision.refused}`);
    events.push(...decision.events);
  }
  return { run: replay(events), events };
}

/** given(commands).when(command).thenEvents(event types) or .thenRefused(text); every state is frozen, so that nothing can mutate it. */
export function given(...commands: readonly RunCommand[]) {
  return {
    when: (command: RunCommand) => {
      const before = deepFreeze(play(commands).run);
      const decision = decide(command, before, program);
      const events = "events" in decision ? decision.events : [];
      const after = replay(events, before);
      return {
        run: after,
        events,
        /** The types of the events that happened, in order. */
        thenEvents: (...types: readonly RunEvent["type"][]) => {
          expect("refused" in decision ? decision.refused : events.map(({ type }) => type)).toEqual(types);
          return after as OpenRun;
        },
        thenNothing: () => {
          expect(decision).toEqual({ events: [] });
        },
        thenRefused: (why: string, code?: RefusalCode) => {
          expect("refused" in decision ? decision.refused : decision).toBe(why);
          if (code !== undefined) expect(decision).toEqual({ refused: why, code });
        },
      };
    },
  };
}

function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== "object" || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
