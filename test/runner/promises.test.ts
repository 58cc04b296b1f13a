import { describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import type { Actor } from "../../src/access/person.ts";
import type { Run } from "../../src/engine/run.ts";
import type { RunRequest, RunStore } from "../../src/runner/ports.ts";
import type { RunningService } from "../../src/runner/run-service.ts";
import { settled } from "./manual-time.ts";
import {
  createTown,
  eventsOf,
  person,
  runOf,
  type CallAnswer,
  type Fault,
  type StoreMood,
  type Town,
  type TownPlan,
} from "./promises-town.ts";

/*
 * P1 and P2 over the whole runner: real engine, language, driver and timeline, two replicas, two runs that want one cluster (promises-town.ts).
 * The pure engine's own lives are in test/engine/promises.test.ts, real processes on a real database in test/acceptance/chaos.
 */
const LIVES = Number(process.env["SEALWATCH_LIVES"] ?? 3000);
/** The rarest fault needs about 700 lives: with this many, one run of the test in a million would miss it. It stops at the first. */
const LIVES_TO_FIND_A_FAULT = 10_000;

jest.setTimeout(10 * 60_000);

const alice = person("alice", "approver");
const bob = person("bob", "approver");
const carol = person("carol", "approver");
const dave = person("dave", "responder");
const erin = person("erin", "admin");
/** Each run has its own starter, who is an approver too: whose yes must not count. */
const STARTERS = [alice, bob] as const;

type Slot = 0 | 1;
type Move = { readonly slot: Slot; readonly run: 0 | 1 } & (
  | { readonly type: "approve"; readonly by: Actor; readonly phrase: string }
  | { readonly type: "agree" }
  | { readonly type: "answer"; readonly request: "reject" | "retry" | "mark-done" | "abort" | "break-lock" | "skip" }
  | { readonly type: "later"; readonly milliseconds: number }
  | { readonly type: "clock"; readonly milliseconds: number }
  | { readonly type: "facts"; readonly voters: number }
  | { readonly type: "wake" }
);

const common = { slot: fc.constantFrom<Slot>(0, 1), run: fc.constantFrom<0 | 1>(0, 0, 1) };
const just = <T>(value: T) => fc.constant(value);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ...common, type: just("agree" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...common,
      type: just("approve" as const),
      by: fc.constantFrom(alice, bob, carol, dave),
      phrase: fc.constantFrom("prod", "prod", "prod", "stage"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...common,
      type: just("answer" as const),
      request: fc.constantFrom("retry", "retry", "retry", "reject", "mark-done", "abort", "break-lock", "skip"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...common,
      type: just("later" as const),
      milliseconds: fc.constantFrom(1000, 2000, 7000, 31_000, 31_000, 11 * 60_000, 16 * 60_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...common,
      type: just("clock" as const),
      milliseconds: fc.constantFrom(-20 * 60_000, -40_000, 40_000, 20 * 60_000, 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...common, type: just("facts" as const), voters: fc.constantFrom(3, 4) }) },
  { weight: 1, arbitrary: fc.record({ ...common, type: just("wake" as const) }) },
);

type Life = TownPlan & { readonly moves: readonly Move[] };

const life: fc.Arbitrary<Life> = fc.record({
  fates: fc.array(fc.record({ point: fc.integer({ min: 0, max: 24 }), wakes: fc.boolean() }), { maxLength: 4 }),
  moods: fc.array(fc.constantFrom<StoreMood>("well", "well", "well", "well", "well", "well", "fails", "fails-after"), {
    maxLength: 60,
  }),
  moves: fc.array(move, { minLength: 6, maxLength: 24 }),
  answers: fc.array(fc.constantFrom<CallAnswer>("good", "lost-done", "lost-not-done", "denied"), {
    minLength: 1,
    maxLength: 4,
  }),
  probeKnows: fc.constantFrom(true, true, false),
  effect: fc.constantFrom("once", "once", "idempotent"),
});

/** What is counted over all lives, so that a property that never gets near a call does not pass in silence. */
const seen = {
  calls: 0,
  secondCalls: 0,
  deaths: 0,
  woken: 0,
  failures: 0,
  interrupted: 0,
  aborted: 0,
  locksLost: 0,
  waited: 0,
};

/** Lives a life to its end; gives the first broken promise in words. */
async function firstWrong(given: Life, fault?: Fault): Promise<string | undefined> {
  const town = createTown(given, fault);
  const runs: (string | undefined)[] = [undefined, undefined];
  for (const [index, by] of STARTERS.entries()) {
    const service = await town.replica(index as Slot);
    const inputs = { cluster: "prod", peer: `vault-${index}` };
    void service.start({ runbook: "lost-peer", inputs, by, origin: { surface: "cli" } }).catch(() => {});
    await settled();
  }
  for (const { id } of await town.truth.list({ limit: 10 })) {
    const run = await runOf(town.truth, id);
    if (run.status !== "none") runs[run.startedBy.id === alice.id ? 0 : 1] = id;
  }
  for (const each of given.moves) {
    // Both replicas live, whatever died.
    for (const slot of [0, 1] as const) await town.replica(slot);
    await makeMove(each, { service: await town.replica(each.slot), runId: runs[each.run], town });
    await settled();
  }
  await endWell(town);
  return await judge(town, given);
}

/** Nobody dies any more, everybody wakes, and time passes: whatever is not waiting for people comes to its end. */
async function endWell(town: Town): Promise<void> {
  town.settleDown();
  town.wakeAll();
  for (const slot of [0, 1] as const) await town.replica(slot);
  for (const wait of [31_000, 3000, 45 * 60_000, 3000, 180_000, 3000, 3000])
    await town.time[wait > 10_000 ? "leap" : "advance"](wait);
}

type Moving = { readonly service: RunningService; readonly runId: string | undefined; readonly town: Town };

async function makeMove(given: Move, { service, runId, town }: Moving): Promise<void> {
  const { type, slot } = given;
  if (type === "later") return await town.time[given.milliseconds > 10_000 ? "leap" : "advance"](given.milliseconds);
  if (type === "clock") return void (town.skew[slot] = given.milliseconds);
  if (type === "wake") return town.wakeAll();
  if (type === "facts") return void (town.facts.voters = given.voters);
  if (runId === undefined) return;
  const run = await runOf(town.truth, runId);
  const gateId = run.status === "none" ? "" : (run.gates.at(-1)?.gate.id ?? "");
  // A process that dies meanwhile never answers, so nobody waits for it; one whose store fails says so.
  const ask = (request: RunRequest): void => void service.ask(request).catch(() => {});
  if (type === "approve") return ask({ type, runId, gateId, by: given.by, phrase: given.phrase });
  if (type === "agree") {
    for (const by of [alice, bob, carol]) ask({ type: "approve", runId, gateId, by, phrase: "prod" });
    return;
  }
  const { request } = given;
  const by = request === "break-lock" ? erin : carol;
  if (request === "reject") return ask({ type: request, runId, gateId, by, reason: "no" });
  if (request === "abort" || request === "break-lock") return ask({ type: request, runId, by, reason: "why" });
  ask({ type: request, runId, step: "remove", by, reason: "why" });
}

/** The first promise that the town broke. */
async function judge(town: Town, { effect }: Life): Promise<string | undefined> {
  if (!town.isQuiet()) return "the instances take a run from each other for ever";
  const listed = await town.truth.list({ limit: 10 });
  const wrong =
    wrongCalls(town, effect) ??
    (await firstOf(listed.map(async ({ id }) => (await wrongTimeline(town, id)) ?? (await wrongEnd(town, id)))));
  seen.calls += town.calls.length;
  seen.secondCalls += town.calls.length - new Set(town.calls.map(({ runId }) => runId)).size;
  seen.deaths += town.counts.deaths;
  seen.woken += town.counts.woken;
  seen.failures += town.counts.failures;
  return wrong;
}

async function firstOf(all: readonly Promise<string | undefined>[]): Promise<string | undefined> {
  return (await Promise.all(all)).find((wrong) => wrong !== undefined);
}

function wrongCalls({ calls }: Town, effect: Life["effect"]): string | undefined {
  const left = calls.find(({ wrong }) => wrong !== undefined);
  if (left !== undefined) return `a call left although ${left.wrong}`;
  if (new Set(calls.map(({ attempt }) => attempt)).size < calls.length) return "one attempt was called twice";
  const gates = calls.map(({ runId, gate }) => `${runId} ${gate}`);
  return effect === "once" && new Set(gates).size < calls.length ? "one approval was called on twice" : undefined;
}

async function wrongTimeline({ truth, calls }: Town, runId: string): Promise<string | undefined> {
  if ((await truth.verify(runId)) !== undefined) return "the chain is broken";
  const events = await eventsOf(truth, runId);
  const starter = events[0]?.type === "RunStarted" ? events[0].by.id : "";
  for (const { gate } of calls.filter((call) => call.runId === runId)) {
    const voters = events.flatMap((event) => (event.type === "GateVoted" && event.gate === gate ? [event.by.id] : []));
    if (!events.some((event) => event.type === "GateAgreed" && event.gate === gate))
      return `${gate} was never agreed to`;
    if (new Set(voters).size < 2) return `${gate} was agreed to by too few`;
    if (voters.includes(starter)) return `${gate} was agreed to by who started the run`;
    if (voters.some((name) => ![alice, bob, carol].some(({ id }) => id === name)))
      return `${gate}: a vote of someone who may not`;
  }
  const cancelled = events.findIndex(({ type }) => type === "CancelBegun");
  if (cancelled >= 0 && events.slice(cancelled).some(({ type }) => type === "StepAttempted"))
    return "an aborted run attempted a call";
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  seen.interrupted += events.filter((event) => event.type === "ProbeBegun" && event.cause === "interrupted").length;
  seen.aborted += count("CancelBegun");
  seen.locksLost += count("LockLost");
  seen.waited += count("LockAwaited");
  return undefined;
}

/** Phases in which a run may stand for ever: people are asked. */
const FOR_PEOPLE = ["gate", "stuck", "unknown"];

async function wrongEnd({ truth, locks }: Town, runId: string): Promise<string | undefined> {
  const run: Run = await runOf(truth, runId);
  const [held] = await locks.list();
  if (run.status === "none") return "a run is gone";
  if (run.status === "finished") return held?.runId === runId ? "a run that ended has the lock" : undefined;
  if (run.cancelling !== undefined) return "an abort does not end";
  // Known and open: an admin's process that sleeps in the middle of giving a lock back takes it from the run that got it again meanwhile. Its
  // calls ask the lock where it is kept (`wrongCalls` watches that), so that none leaves; people break the lock once more.
  const wasBroken = (await eventsOf(truth, runId)).some(({ type }) => type === "LockLost");
  if (run.locked && held?.runId !== runId && !wasBroken) return "a run believes to have the lock";
  if (run.phase.name === "locking")
    return held === undefined || held.runId === runId ? "a run waits for a lock that is free" : undefined;
  return FOR_PEOPLE.includes(run.phase.name) ? undefined : `a run stands at ${run.phase.name} for ever`;
}

describe("whatever dies, sleeps, fails or is set, and whenever", () => {
  it("P1 and P2: no call without its own approval, its lock and its run, none twice, and no run is left behind", async () => {
    const began = performance.now();
    await fc.assert(
      fc.asyncProperty(life, async (given) => {
        expect(await firstWrong(given)).toBeUndefined();
      }),
      { numRuns: LIVES, endOnFailure: process.env["SEALWATCH_SHRINK"] === undefined },
    );
    process.stdout.write(
      `${LIVES} lives in ${Math.round((performance.now() - began) / 1000)} s: ${JSON.stringify(seen)}\n`,
    );
    for (const [what, count] of Object.entries(seen)) expect(`${what}: ${count > LIVES / 100}`).toBe(`${what}: true`);
  });
});

/** Faults as they could come into the store that a driver is given. */
const FAULTS: readonly { readonly name: string; readonly fault: Fault }[] = [
  {
    name: "appends whatever others appended meanwhile",
    fault: {
      runs: (truth) => ({
        ...truth,
        append: async (id, _expected, events, summary) =>
          await truth.append(id, (await truth.read(id)).length, events, summary),
      }),
    },
  },
  { name: "reads what was true when the call was announced", fault: { runs: readsWhatWas } },
  {
    name: "gives the lock to everybody",
    fault: {
      locks: (truth) => ({
        ...truth,
        acquire: async (cluster, runId, at) => {
          await truth.acquire(cluster, runId, at);
          return { runId, since: at };
        },
        list: async () => [],
      }),
    },
  },
  {
    name: "forgets the answer of a call",
    fault: {
      runs: (truth) => ({
        ...truth,
        append: async (id, expected, events, summary) => {
          if (events.some((event) => event.type === "ProbeBegun" && event.cause === "verify")) return;
          await truth.append(id, expected, events, summary);
        },
      }),
    },
  },
];

function readsWhatWas(truth: RunStore, holder: string): RunStore {
  const then = new Map<string, Awaited<ReturnType<RunStore["read"]>>>();
  return {
    ...truth,
    read: async (id) => {
      const stored = then.get(id) ?? (await truth.read(id));
      const last = stored.at(-1)?.event;
      if (last?.type === "StepAttempted" && last.attempt.holder === holder) then.set(id, stored);
      return stored;
    },
  };
}

describe("the witness", () => {
  it.each(FAULTS)("would see it when a store $name", async ({ fault }) => {
    const result = await fc.check(
      fc.asyncProperty(life, async (given) => (await firstWrong(given, fault)) === undefined),
      { numRuns: LIVES_TO_FIND_A_FAULT, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });
});
