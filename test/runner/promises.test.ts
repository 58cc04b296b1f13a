import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Actor } from "../../src/access/person.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import type { RunRequest, RunStore } from "../../src/runner/ports.ts";
import { createRunService, type RunningService } from "../../src/runner/run-service.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { createManualTime, settled } from "./manual-time.ts";
import { ABSENT, cluster, registriesOf, REMOVE, runbookOf, voters, type Outside } from "./runner-world.ts";

/*
 * P1 and P2 over the whole runner: real engine, language, driver and timeline on one store in memory. Processes die (or stand still until
 * others took over, and wake again) before and after any append and before and after the call; people click what they like; the call's answer
 * is good, lost, or a failure; the probe says what is so, or that it does not know.
 */
const runbook = runbookOf(REMOVE, ABSENT);
const person = (name: string, role: Actor["role"]): Actor => ({ id: name, name, role });
const starter = person("alice", "approver");
const people = [starter, person("bob", "approver"), person("carol", "approver"), person("dave", "responder")] as const;
const approvers = ["bob", "carol"];
const MOST_READS = 1000;

type Move =
  | { readonly type: "approve"; readonly by: Actor; readonly phrase: string }
  | { readonly type: "later"; readonly milliseconds: number }
  | { readonly type: "answer"; readonly request: "reject" | "retry" | "skip" | "mark-done"; readonly by: Actor }
  | { readonly type: "facts"; readonly voters: number }
  | { readonly type: "agree" }
  | { readonly type: "wake" };

/** How one process ends: at which of its crash points, and whether it only stands still and wakes again after the others took over. */
type Fate = { readonly point: number; readonly wakes: boolean };
type CallAnswer = "good" | "lost-done" | "lost-not-done" | "denied";

type Life = {
  readonly fates: readonly Fate[];
  readonly moves: readonly Move[];
  readonly answers: readonly CallAnswer[];
  readonly probeKnows: boolean;
};

const who = fc.constantFrom(...people);
const life: fc.Arbitrary<Life> = fc.record({
  fates: fc.array(fc.record({ point: fc.integer({ min: 0, max: 14 }), wakes: fc.boolean() }), { maxLength: 4 }),
  moves: fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant("approve" as const),
          by: fc.constantFrom(...people, ...people.slice(1, 3)),
          phrase: fc.constantFrom("prod", "prod", "prod", "prod", "stage"),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant("later" as const),
          milliseconds: fc.constantFrom(1000, 2000, 7000, 31_000, 31_000, 16 * 60_000),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          type: fc.constant("answer" as const),
          request: fc.constantFrom(
            "retry" as const,
            "retry" as const,
            "retry" as const,
            "reject" as const,
            "mark-done" as const,
          ),
          by: who,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ type: fc.constant("facts" as const), voters: fc.integer({ min: 3, max: 4 }) }),
      },
      { weight: 1, arbitrary: fc.constant({ type: "wake" as const }) },
      { weight: 4, arbitrary: fc.constant({ type: "agree" as const }) },
    ),
    { minLength: 6, maxLength: 30 },
  ),
  answers: fc.array(fc.constantFrom<CallAnswer>("good", "lost-done", "lost-not-done", "denied"), {
    minLength: 1,
    maxLength: 4,
  }),
  probeKnows: fc.boolean(),
});

/** What is counted over all lives, so that a property that never gets near a call does not pass in silence. */
const seen = { calls: 0, deaths: 0, interrupted: 0, secondCalls: 0, wokenCalls: 0 };

describe("whatever dies, and whenever", () => {
  it("makes a call at most once for each approved gate, and never without two permitted people who did not start the run", async () => {
    await fc.assert(
      fc.asyncProperty(life, async (given) => await live(given)),
      { numRuns: 300, endOnFailure: true },
    );
    for (const [what, count] of Object.entries(seen)) expect(`${what}: ${Math.min(count, 5)}`).toBe(`${what}: 5`);
  });
});

async function live(given: Life): Promise<void> {
  const town = createTown(given);
  let runId: string | undefined;
  const begin = await town.current();
  void begin
    .start({ runbook: "lost-peer", inputs: { cluster: "prod" }, by: starter, origin: { surface: "cli" } })
    .then((answer) => void (runId = answer.ok ? answer.runId : undefined));
  await settled();
  runId ??= (await town.truth.list({ limit: 1 }))[0];
  // The first process died before anything was stored: nothing can happen.
  if (runId === undefined) return;
  for (const move of given.moves) {
    const service = await town.current();
    await makeMove(move, { service, runId, town });
    await settled();
  }
  town.wakeAll();
  await town.time.leap(31_000);
  await town.time.advance(10_000);
  await judge(town, runId);
}

async function makeMove(
  move: Move,
  { service, runId, town }: { readonly service: RunningService; readonly runId: string; readonly town: Town },
): Promise<void> {
  if (move.type === "later") return await town.time[move.milliseconds > 10_000 ? "leap" : "advance"](move.milliseconds);
  if (move.type === "wake") return town.wakeAll();
  if (move.type === "facts") return void (town.facts.voters = move.voters);
  const gateId = gatesOf(await eventsOf(town.truth, runId)).at(-1) ?? "";
  // A process that dies meanwhile never answers, so nobody waits for it.
  if (move.type === "agree") {
    for (const by of people.slice(1, 3)) void service.ask({ type: "approve", runId, gateId, by, phrase: "prod" });
    return;
  }
  const request: RunRequest =
    move.type === "approve"
      ? { type: "approve", runId, gateId, by: move.by, phrase: move.phrase }
      : move.request === "reject"
        ? { type: "reject", runId, gateId, by: move.by, reason: "no" }
        : move.request === "retry"
          ? { type: "retry", runId, step: "remove", by: move.by }
          : { type: move.request, runId, step: "remove", by: move.by, reason: "why" };
  void service.ask(request);
}

async function judge(town: Town, runId: string): Promise<void> {
  const events = await eventsOf(town.truth, runId);
  expect(town.isQuiet()).toBe(true);
  const attempts = town.calls.map(({ attempt }) => attempt);
  // A process calls only what it said itself that it would: "none" is a call on another's word.
  expect(attempts).not.toContain("none");
  expect(new Set(attempts).size).toBe(attempts.length);
  const gates = town.calls.map(({ gate }) => gate);
  expect(new Set(gates).size).toBe(gates.length);
  for (const call of town.calls) {
    const voted = events.flatMap((event) =>
      event.type === "GateVoted" && event.gate === call.gate ? [event.by.id] : [],
    );
    expect([...new Set(voted)].sort()).toEqual(approvers);
    expect(events.some((event) => event.type === "GateAgreed" && event.gate === call.gate)).toBe(true);
  }
  expect(await town.truth.verify(runId)).toBeUndefined();
  seen.calls += town.calls.length;
  seen.secondCalls += Number(town.calls.length > 1);
  seen.deaths += town.deaths();
  seen.interrupted += events.filter((event) => event.type === "ProbeBegun" && event.cause === "interrupted").length;
}

type Call = { readonly attempt: string; readonly gate: string };

/** A town is one store, one world outside, and a process that dies at its point and is followed by another. */
type Town = {
  readonly time: ReturnType<typeof createManualTime>;
  readonly truth: RunStore;
  readonly calls: readonly Call[];
  readonly facts: { voters: number };
  /** The process that lives now; begins the next one when the last is dead. */
  readonly current: () => Promise<RunningService>;
  readonly wakeAll: () => void;
  readonly deaths: () => number;
  /** Whether the processes let each other work: no life needs so many reads of the store. */
  readonly isQuiet: () => boolean;
};

function createTown({ fates, answers, probeKnows }: Life): Town {
  const time = createManualTime();
  // Those that run, and those that exist: a process that stands still exists, and only its silence tells of it.
  const running = new Set<number>();
  const existing = new Set<number>();
  const store = createMemoryStore({ machine: { host: "host", processExists: (pid) => existing.has(pid) } });
  const calls: Call[] = [];
  const facts = { voters: 3 };
  const outside = { removed: false };
  const sleepers: (() => void)[] = [];
  let pid = 0;
  let deaths = 0;
  let reads = 0;
  let service: RunningService | undefined;

  const begin = async (): Promise<RunningService> => {
    const mine = ++pid;
    const fate = fates[mine - 1];
    running.add(mine);
    existing.add(mine);
    let points = 0;
    let woken = false;
    const sleeping = Promise.withResolvers<void>();
    const isUp = (): boolean => running.has(mine);
    const wake = (): void => {
      woken = true;
      running.add(mine);
      sleeping.resolve();
    };
    /** A crash point: whoever arrives here when the process has died waits, for ever or until it wakes. */
    const point = async (): Promise<void> => {
      if (isUp() && !woken && fate !== undefined && points++ >= fate.point) {
        running.delete(mine);
        deaths++;
        if (fate.wakes) sleepers.push(wake);
        else existing.delete(mine);
      }
      if (!isUp()) await sleeping.promise;
    };
    const up = async <T>(task: () => Promise<T>): Promise<T> => {
      if (!isUp()) await sleeping.promise;
      const value = await task();
      if (!isUp()) await sleeping.promise;
      return value;
    };
    const runs: RunStore = {
      append: async (...given) => {
        await point();
        await up(async () => await store.runs.append(...given));
        await point();
      },
      read: async (id) => {
        // Two instances that take a run from each other would never end: such a life stops here, and is judged.
        if (++reads > MOST_READS) await new Promise(() => {});
        return await up(async () => await store.runs.read(id));
      },
      list: async (filter) => await up(async () => await store.runs.list(filter)),
      verify: store.runs.verify,
    };
    const world: Outside = {
      read: async () => await up(async () => ({ known: !outside.removed })),
      preconditions: async () => await up(async () => [voters(facts.voters)]),
      probe: async () =>
        await up(async () => {
          if (!probeKnows) return { verdict: "unknown", evidence: "it does not say" };
          return outside.removed
            ? { verdict: "done", evidence: "it is gone" }
            : { verdict: "not-done", evidence: "it is there" };
        }),
      perform: async () => {
        // What this process was told to carry out: the last attempt of its own in the store.
        const made = await ownAttempt(store.runs, `host:${mine}:x`);
        await point();
        calls.push(made);
        seen.wokenCalls += Number(woken);
        const answer = answers[(calls.length - 1) % answers.length] ?? "good";
        if (answer === "good" || answer === "lost-done") outside.removed = true;
        await point();
        if (answer === "good") return {};
        const reason = answer === "denied" ? "denied" : "timeout";
        throw new FailureError({ reason, message: answer, retryable: false });
      },
    };
    const registries = registriesOf(world);
    const made = createRunService({
      ...registries,
      store: runs,
      holders: store.holders,
      holder: `host:${mine}:x`,
      clusters: new Map([["prod", cluster]]),
      catalog: () => new Map([["lost-peer", { runbook, text: "text", digest: "digest" }]]),
      compile: (text) => compileProgram(text, registries, registries.actions),
      clock: time.clock,
      timers: { after: (milliseconds, callback) => time.timers.after(milliseconds, () => void (isUp() && callback())) },
      ids: { next: (kind) => `${kind}-${mine}` },
      logger: silentLogger,
    });
    void made.begin();
    await settled();
    return made;
  };

  return {
    time,
    truth: store.runs,
    calls,
    facts,
    current: async () => {
      while (service === undefined || !running.has(pid)) service = await begin();
      return service;
    },
    wakeAll: () => {
      for (const wake of sleepers.splice(0)) wake();
    },
    deaths: () => deaths,
    isQuiet: () => reads <= MOST_READS,
  };
}

async function ownAttempt(runs: RunStore, holder: string): Promise<Call> {
  const [runId = ""] = await runs.list({ limit: 1 });
  const events = await eventsOf(runs, runId);
  const last = events.findLastIndex((event) => event.type === "StepAttempted" && event.attempt.holder === holder);
  const attempted = events[last];
  if (attempted?.type !== "StepAttempted") return { attempt: "none", gate: "none" };
  return { attempt: attempted.attempt.id, gate: gatesOf(events.slice(0, last)).at(-1) ?? "none" };
}

async function eventsOf(runs: RunStore, runId: string): Promise<readonly RunEvent[]> {
  return (await runs.read(runId)).map(({ event }) => event);
}

function gatesOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "GateOpened" ? [event.gate.id] : []));
}
