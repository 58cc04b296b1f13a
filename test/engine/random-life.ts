import fc from "fast-check";
import type { Actor } from "../../src/access/person.ts";
import { planHash } from "../../src/engine/plan.ts";
import { decide } from "../../src/engine/decide.ts";
import type { RunCommand } from "../../src/engine/commands.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { evolve, initialRun } from "../../src/engine/evolve.ts";
import type { Program } from "../../src/engine/program.ts";
import type { OpenRun, Run } from "../../src/engine/run.ts";
import { actor, program, reading, start, T0 } from "./run-specification.ts";

/*
 * Random lives of a run: any command that people, two replicas, the world or time could send, well-timed or not. A clock may jump in both
 * directions; a newer version of the program may declare an action anew in the middle of a run.
 */
export const PEOPLE: readonly Actor[] = [
  actor("alice"),
  actor("bob"),
  actor("carol"),
  actor("dave", "responder"),
  actor("erin", "admin"),
  actor("the viewer", "viewer"),
  actor("the stranger", "none"),
];

/** One move of a life: a command without its time and without what only the run knows, and how much later it comes. */
export type Move = {
  readonly make: (run: Run) => object;
  readonly laterMs: number;
  readonly version: "this" | "newer";
};

const people = fc.constantFrom(...PEOPLE);
const step = fc.constantFrom("peers", "gone", "remove", "absent", "bye");
const holder = fc.constantFrom("host:1:a", "host:2:b");
const failure = fc.constantFrom("timeout", "denied", "unreachable", "sealed").map((reason) => ({
  ok: false as const,
  failure: { reason: reason as "timeout", message: reason, retryable: true },
}));
const values = fc.record({ down: fc.boolean(), known: fc.boolean() }).map((value) => ({ ok: true as const, value }));
const facts = fc.constantFrom(reading(), reading(), reading(), reading(4), reading(1, false), {
  ...reading(),
  value: { ...reading().value, clusterId: "c-2" },
});

const gateOf = (run: Run): string => (run.status === "none" ? "" : (run.gates.at(-1)?.gate.id ?? "remove.1"));
const attemptOf = (run: Run): string => (run.status === "none" ? "" : `R1/remove/${Math.max(1, run.attempts)}`);
const seenHash = (run: Run): string | undefined => {
  const gate = run.status === "none" ? undefined : run.gates.at(-1)?.gate;
  return gate === undefined ? undefined : planHash(gate.step, gate.plan);
};

const approval = fc
  .record({
    by: fc.oneof({ arbitrary: fc.constantFrom(PEOPLE[1], PEOPLE[2]), weight: 3 }, { arbitrary: people, weight: 1 }),
    phrase: fc.constantFrom("prod", "prod", "prod", "stage", undefined),
    hash: fc.constantFrom("none", "none", "seen", "other"),
    stale: fc.boolean(),
  })
  .map(({ by, phrase, hash, stale }) => (run: Run) => ({
    type: "Approve",
    gate: stale ? "remove.1" : gateOf(run),
    by,
    ...(phrase === undefined ? {} : { phrase }),
    ...(hash === "seen" ? { planHash: seenHash(run) } : hash === "other" ? { planHash: "0".repeat(64) } : {}),
  }));
const breakGlass = fc
  .record({
    by: people,
    demands: fc.constantFrom("admin" as const, undefined),
    reason: fc.constantFrom("nobody else is awake", ""),
    phrase: fc.constantFrom("prod", "stage"),
  })
  .map(({ by, demands, reason, phrase }) => (run: Run) => ({
    type: "Approve",
    gate: gateOf(run),
    by,
    phrase,
    breakGlass: { reason, demands },
  }));
const preconditions = fc.record({ step: fc.constant("remove"), holder, outcome: fc.oneof(facts, failure) });
const performed = fc
  .record({ epoch: fc.integer({ min: 0, max: 2 }), outcome: fc.oneof(values, failure), late: fc.boolean() })
  .map(({ epoch, outcome, late }) => (run: Run) => ({
    type: "RecordPerformed",
    attempt: late ? "R1/remove/1" : attemptOf(run),
    epoch: late || run.status === "none" ? epoch : run.epoch,
    credential: undefined,
    outcome,
  }));
const probed = fc
  .record({ verdict: fc.constantFrom("done", "not-done", "not-done", "unknown"), late: fc.boolean() })
  .map(({ verdict, late }) => (run: Run) => ({
    type: "RecordProbe",
    attempt: late ? "R1/remove/1" : attemptOf(run),
    verdict,
    evidence: "seen",
  }));
const plain = <T extends object>(arbitrary: fc.Arbitrary<T>) => arbitrary.map((body) => () => body);
const lock = fc.constantFrom("R1", "R1", "R1", "R0").map((runId) => () => ({
  type: "RecordLock",
  step: "remove",
  outcome: { ok: true, value: { runId, since: T0 } },
}));
const reason = fc.constantFrom("why", "");

const others = fc.oneof(
  plain(fc.record({ type: fc.constant("RecordCheck"), step, outcome: fc.oneof(values, failure) })),
  plain(fc.record({ type: fc.constant("RecordPoll"), step, outcome: fc.oneof(values, failure) })),
  plain(fc.record({ type: fc.constant("ConfirmManual"), step, by: people })),
  plain(fc.record({ type: fc.constant("Skip"), step, by: people, reason })),
  plain(fc.record({ type: fc.constant("MarkDone"), step, by: people, reason })),
  plain(fc.record({ type: fc.constant("LoseLock"), by: people, reason })),
  plain(fc.record({ type: fc.constant("Abort"), by: people, reason })),
  plain(people.chain((by) => people.map((to) => ({ type: "Assign", by, to: { id: to.id, name: to.name } })))),
  breakGlass,
  fc.record({ by: people, reason }).map((given) => (run: Run) => ({ type: "Reject", gate: gateOf(run), ...given })),
);
const usual = fc.oneof(
  { arbitrary: approval, weight: 6 },
  { arbitrary: plain(preconditions.map((body) => ({ type: "RecordPreconditions", ...body }))), weight: 5 },
  { arbitrary: performed, weight: 2 },
  { arbitrary: probed, weight: 3 },
  { arbitrary: plain(fc.record({ type: fc.constant("TakeOver"), driver: holder })), weight: 1 },
  {
    arbitrary: plain(fc.record({ type: fc.constant("Retry"), step: fc.constant("remove"), by: people, reason })),
    weight: 3,
  },
  { arbitrary: lock, weight: 2 },
  { arbitrary: plain(fc.constant({ type: "Tick" })), weight: 1 },
  {
    arbitrary: plain(fc.record({ type: fc.constant("NoteAlert"), status: fc.constantFrom("firing", "resolved") })),
    weight: 1,
  },
  {
    arbitrary: plain(fc.record({ type: fc.constant("Reopen"), step: fc.constant("remove"), by: people })),
    weight: 1,
  },
  { arbitrary: others, weight: 2 },
);
const later = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 2000 }), weight: 10 },
  { arbitrary: fc.constantFrom(11_000, 31_000, 10 * 60_000, 16 * 60_000), weight: 2 },
  { arbitrary: fc.integer({ min: -20 * 60_000, max: -1 }), weight: 1 },
);

const moves = fc.array(
  fc.record({
    make: usual,
    laterMs: later,
    version: fc.constantFrom("this", "this", "this", "this", "this", "this", "this", "newer"),
  }),
  { minLength: 4, maxLength: 40 },
);

/** A life: the way to the first gate is given, and for half of them that to the first call; what follows is chance. */
export type Life = { readonly agreed: boolean; readonly moves: readonly Move[] };
export const life: fc.Arbitrary<Life> = fc.record({ agreed: fc.boolean(), moves });

const BEGINNING: readonly object[] = [
  { type: "RecordCheck", step: "peers", outcome: { ok: true, value: { down: true } } },
  { type: "ConfirmManual", step: "gone", by: actor("dave", "responder") },
  { type: "RecordLock", step: "remove", outcome: { ok: true, value: { runId: "R1", since: T0 } } },
  { type: "RecordPreconditions", step: "remove", holder: "host:1:a", outcome: reading() },
];

const AGREED: readonly object[] = [
  { type: "Approve", gate: "remove.1", by: actor("bob"), phrase: "prod" },
  { type: "Approve", gate: "remove.1", by: actor("carol"), phrase: "prod" },
  { type: "RecordPreconditions", step: "remove", holder: "host:1:a", outcome: reading() },
];

/** A newer version of sealwatch declares the action as less dangerous than it was. */
const NEWER: Program = {
  ...program,
  actions: new Map([...program.actions].map(([name, each]) => [name, { ...each, danger: "disruptive" as const }])),
};

/** What one command did: the run before it, the command, its events in order, and the run after. */
export type Moment = {
  readonly before: Run;
  readonly command: RunCommand;
  readonly events: readonly RunEvent[];
  readonly after: Run;
};

/** How commands are decided: the engine's own `decide`, or one with a planted fault. */
export type Decide = typeof decide;

/** Lives a life, and lets every moment be looked at. */
export function live(
  { agreed, moves }: Life,
  look: (moment: Moment) => void,
  decideBy: Decide = decide,
): OpenRun | Run {
  let run: Run = initialRun;
  let at = T0;
  const tell = (body: object, version: Move["version"]): void => {
    const command = { ...body, at } as RunCommand;
    const before = run;
    const decision = decideBy(command, before, version === "this" ? program : NEWER);
    const events = "events" in decision ? decision.events : [];
    for (const event of events) run = evolve(run, event);
    look({ before, command, events, after: run });
  };
  for (const body of [start, ...BEGINNING, ...(agreed ? AGREED : [])]) tell(body, "this");
  for (const { make, laterMs, version } of moves) {
    at += laterMs;
    tell(make(run), version);
  }
  return run;
}
