import { z } from "zod";
import type { Actor } from "../../src/access/person.ts";
import { defineAction, defineCheck } from "../../src/actions/action.ts";
import { replay } from "../../src/engine/evolve.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import type { OpenRun, Run } from "../../src/engine/run.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import type { ClusterLocks, RunStore } from "../../src/runner/ports.ts";
import { createRunService, type RunningService } from "../../src/runner/run-service.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { createManualTime, settled, type ManualTime } from "./manual-time.ts";
import { cluster, runbookOf } from "./runner-world.ts";

/*
 * A town is one store, one world outside, and two replicas. A process dies at its point and is followed by another, or only stands still and
 * wakes again after others took over. Its store fails now and then; its clock is its own. Two runs want the same cluster.
 */
const runbook = {
  ...runbookOf(
    { id: "remove", do: "town.remove", with: { peer: "${inputs.peer}" } },
    {
      id: "absent",
      wait: "town.peers",
      with: { peer: "${inputs.peer}" },
      until: "!result.known",
      every: "5s",
      timeout: "1m",
    },
  ),
  inputs: { cluster: { type: "cluster" as const }, peer: { type: "string" as const } },
};

/** How one process ends: at which of its crash points, and whether it only stands still and wakes again later. */
export type Fate = { readonly point: number; readonly wakes: boolean };
export type CallAnswer = "good" | "lost-done" | "lost-not-done" | "denied";
export type StoreMood = "well" | "fails" | "fails-after";

/** What is given of a town. */
export type TownPlan = {
  readonly fates: readonly Fate[];
  readonly answers: readonly CallAnswer[];
  readonly probeKnows: boolean;
  readonly effect: "once" | "idempotent";
  /** How the store takes one operation after the other; it is well after the last. */
  readonly moods: readonly StoreMood[];
};

/** A fault as it could come into the store one day: what a process is given instead of the true parts. */
export type Fault = {
  readonly runs?: (truth: RunStore, holder: string) => RunStore;
  readonly locks?: (truth: ClusterLocks) => ClusterLocks;
};

/** A call that left, and what was wrong with that at this very moment. */
export type Call = {
  readonly runId: string;
  readonly attempt: string;
  readonly gate: string;
  readonly wrong: string | undefined;
};

export type Town = {
  readonly time: ManualTime;
  readonly truth: RunStore;
  readonly locks: ClusterLocks;
  readonly calls: readonly Call[];
  readonly facts: { voters: number };
  /** How far the clock of each replica is off, in milliseconds. */
  readonly skew: [number, number];
  /** The process of a replica that lives now; begins the next one when the last is dead. */
  readonly replica: (slot: 0 | 1) => Promise<RunningService>;
  readonly wakeAll: () => void;
  /** From now on nobody dies, nothing fails, and every clock is right. */
  readonly settleDown: () => void;
  readonly counts: { deaths: number; woken: number; failures: number };
  /** Whether the processes let each other work: no life needs so many reads of the store. */
  readonly isQuiet: () => boolean;
};

const MOST_READS = 6000;
const down = new FailureError({ reason: "unreachable", retryable: true, message: "the store is down" });

/** Creates a town; nothing happens in it until a replica is asked for. */
// oxlint-disable-next-line max-lines-per-function -- one world whose parts share its state
export function createTown(plan: TownPlan, fault: Fault = {}): Town {
  const time = createManualTime();
  // A process that stands still exists: only its silence tells of it.
  const running = new Set<number>();
  const existing = new Set<number>();
  const store = createMemoryStore({ machine: { host: "host", processExists: (pid) => existing.has(pid) } });
  const calls: Call[] = [];
  const facts = { voters: 3 };
  const skew: [number, number] = [0, 0];
  const removed = new Set<string>();
  const sleepers: (() => void)[] = [];
  const counts = { deaths: 0, woken: 0, failures: 0 };
  const moods = [...plan.moods];
  const fates = [...plan.fates];
  const living: [Process | undefined, Process | undefined] = [undefined, undefined];
  let isSettled = false;
  let pids = 0;
  let reads = 0;

  const begin = async (slot: 0 | 1): Promise<Process> => {
    const pid = ++pids;
    const holder = `host:${pid}:x`;
    const fate = fates.shift();
    running.add(pid);
    existing.add(pid);
    let points = 0;
    let isOver = fate === undefined;
    const sleeping = Promise.withResolvers<void>();
    const isUp = (): boolean => running.has(pid);
    const wake = (): void => {
      counts.woken++;
      running.add(pid);
      sleeping.resolve();
    };
    /** A crash point: whoever arrives here when the process has died waits, for ever or until it wakes. */
    const point = async (): Promise<void> => {
      if (!isOver && isUp() && fate !== undefined && !isSettled && points++ >= fate.point) {
        isOver = true;
        running.delete(pid);
        counts.deaths++;
        if (fate.wakes) sleepers.push(wake);
        else existing.delete(pid);
      }
      if (!isUp()) await sleeping.promise;
    };
    const up = async <T>(task: () => Promise<T>): Promise<T> => {
      if (!isUp()) await sleeping.promise;
      const value = await task();
      if (!isUp()) await sleeping.promise;
      return value;
    };
    const moody = async <T>(task: () => Promise<T>): Promise<T> => {
      const mood = moods.shift() ?? "well";
      if (mood !== "well") counts.failures++;
      if (mood === "fails") throw down;
      const value = await up(task);
      if (mood === "fails-after") throw down;
      return value;
    };
    const given = fault.runs?.(store.runs, holder) ?? store.runs;
    const runs: RunStore = {
      append: async (...args) => {
        await point();
        await moody(async () => await given.append(...args));
        await point();
      },
      read: async (id) => {
        // Two that take a run from each other would never end: such a life stops here, and is judged.
        if (++reads > MOST_READS) await new Promise(() => {});
        return await moody(async () => await given.read(id));
      },
      list: async (filter) => await up(async () => await given.list(filter)),
      verify: given.verify,
      watch: given.watch,
    };
    const trueLocks = fault.locks?.(store.locks) ?? store.locks;
    const locks: ClusterLocks = {
      acquire: async (...args) => {
        await point();
        return await moody(async () => await trueLocks.acquire(...args));
      },
      release: async (...args) => await moody(async () => await trueLocks.release(...args)),
      list: async () => await up(async () => await trueLocks.list()),
    };
    const registries = registriesFor({
      read: async (peer) => await up(async () => ({ known: !removed.has(peer) })),
      voters: async () => await up(async () => facts.voters),
      perform: async (peer) => {
        const made = await atLeaving({ truth: store.runs, locks: store.locks, now: clock.now(), holder, peer });
        await point();
        calls.push(made);
        const answer = plan.answers[(calls.length - 1) % plan.answers.length] ?? "good";
        if (answer === "good" || answer === "lost-done") removed.add(peer);
        await point();
        if (answer === "good") return;
        throw new FailureError({
          reason: answer === "denied" ? "denied" : "timeout",
          message: answer,
          retryable: false,
        });
      },
      probe: async (peer) =>
        await up(async () => {
          if (!plan.probeKnows) return "unknown";
          return removed.has(peer) ? "done" : "not-done";
        }),
      effect: plan.effect,
    });
    const clock = { now: () => time.clock.now() + skew[slot] };
    /** What was due while a process stood still is due when it wakes. */
    const after = (milliseconds: number, callback: () => void): (() => void) => {
      let isCancelled = false;
      const late = async (): Promise<void> => {
        await sleeping.promise;
        if (!isCancelled) callback();
      };
      const cancel = time.timers.after(milliseconds, () => (isUp() ? callback() : void late()));
      return () => {
        isCancelled = true;
        cancel();
      };
    };
    const service = createRunService({
      ...registries,
      store: runs,
      locks,
      services: {},
      // As in PostgreSQL: the store's own clock judges who lives.
      holders: {
        beat: async (name) => await up(async () => await store.holders.beat(name, time.clock.now())),
        isAlive: async (name) => await up(async () => await store.holders.isAlive(name, time.clock.now())),
        leave: store.holders.leave,
      },
      holder,
      clusters: new Map([["prod", cluster]]),
      catalog: () => new Map([["lost-peer", { runbook, text: "text", digest: "digest", included: {} }]]),
      compile: (text, included) => compileProgram(text, included, registries, registries.actions),
      clock,
      timers: { after },
      ids: { next: (kind) => `${kind}-${pid}` },
      logger: silentLogger,
    });
    void service.begin();
    await settled();
    return { pid, service };
  };

  return {
    time,
    truth: store.runs,
    locks: store.locks,
    calls,
    facts,
    skew,
    replica: async (slot) => {
      for (;;) {
        const process = living[slot];
        if (process !== undefined && running.has(process.pid)) return process.service;
        living[slot] = await begin(slot);
      }
    },
    wakeAll: () => {
      for (const wake of sleepers.splice(0)) wake();
    },
    settleDown: () => {
      isSettled = true;
      fates.length = 0;
      moods.length = 0;
      skew.fill(0);
    },
    counts,
    isQuiet: () => reads <= MOST_READS,
  };
}

type Process = { readonly pid: number; readonly service: RunningService };

type Leaving = {
  readonly truth: RunStore;
  readonly locks: ClusterLocks;
  readonly now: number;
  readonly holder: string;
  readonly peer: string;
};

/** Looks at the truth at the moment when a call leaves: whose attempt it is, and what forbids it. */
async function atLeaving({ truth, locks, now, holder, peer }: Leaving): Promise<Call> {
  const listed = await truth.list({ limit: 10 });
  const runs = await Promise.all(listed.map(async ({ id }) => await runOf(truth, id)));
  const run = runs.find((each): each is OpenRun => each.status === "open" && each.inputs["peer"] === peer);
  const [held] = await locks.list();
  const why = ((): string | undefined => {
    if (run === undefined) return "the run has ended";
    if (run.cancelling !== undefined) return "the run is being aborted";
    // Who is taken over at this very moment is waited for: until the attempt's deadline nobody decides what it did.
    if (run.phase.name !== "attempted" && run.phase.name !== "probing") return `the run stands at ${run.phase.name}`;
    if (run.phase.name === "attempted" && run.driver !== holder) return "another instance carries the run";
    if (run.phase.attempt.holder !== holder) return "the attempt is another's";
    if (now >= run.phase.attempt.deadline) return "the time for the call is over";
    if (held?.runId !== run.id) return "the lock is not the run's";
    const others = runs.filter((each) => each.status === "open" && each.id !== run.id);
    return others.some((each) => each.status === "open" && each.phase.name === "attempted")
      ? "another run is about to call, too"
      : undefined;
  })();
  const attempt = run?.phase.name === "attempted" || run?.phase.name === "probing" ? run.phase.attempt.id : "none";
  return { runId: run?.id ?? "none", attempt, gate: run?.gates.at(-1)?.gate.id ?? "none", wrong: why };
}

/** The run as its events say. */
export async function runOf(truth: RunStore, id: string): Promise<Run> {
  return replay(await eventsOf(truth, id));
}

export async function eventsOf(truth: RunStore, id: string): Promise<readonly RunEvent[]> {
  return (await truth.read(id)).map(({ event }) => event);
}

export const person = (name: string, role: Actor["role"]): Actor => ({ id: name, name, role, groups: [] });

type Outside = {
  readonly read: (peer: string) => Promise<{ readonly known: boolean }>;
  readonly voters: () => Promise<number>;
  readonly perform: (peer: string) => Promise<void>;
  readonly probe: (peer: string) => Promise<"done" | "not-done" | "unknown">;
  readonly effect: "once" | "idempotent";
};

const Peer = z.object({ peer: z.string() });

function registriesFor({ read, voters, perform, probe, effect }: Outside) {
  const peers = defineCheck({
    name: "town.peers",
    summary: "s",
    input: Peer,
    output: z.object({ known: z.boolean() }),
    policy: [],
    read: async (_context, { peer }) => await read(peer),
  });
  const remove = defineAction({
    name: "town.remove",
    summary: "s",
    danger: "destructive",
    effect,
    input: Peer,
    output: z.object({}),
    policy: [],
    grants: [],
    verifyWithinMs: 5000,
    explain: ({ peer }) => ({ call: `remove ${peer}`, cost: "one voter less", proof: "it is gone" }),
    preconditions: async () => {
      const count = await voters();
      return [{ name: "voters", ok: true, value: count, text: `${count} voters` }];
    },
    perform: async (_context, { peer }) => {
      await perform(peer);
      return {};
    },
    probe: async (_context, { peer }) => ({ verdict: await probe(peer), evidence: "seen" }),
  });
  return { checks: new Map([[peers.name, peers]]), actions: new Map([[remove.name, remove]]) };
}
