import type { Action, Check } from "../actions/action.ts";
import type { ActionServices } from "../actions/services.ts";
import type { RunCommand } from "../engine/commands.ts";
import { effects, wakeAt, type Effect } from "../engine/effects.ts";
import type { OpenRun } from "../engine/run.ts";
import type { Clock, Timers, Timestamp } from "../lib/clock.ts";
import { toFailure } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";
import { wait } from "../lib/wait.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { carryOut } from "./carry-out.ts";
import { pauseAfter, timeLimit } from "./effect-time.ts";
import { guardCluster } from "./guarded-cluster.ts";
import { guardServices } from "./guarded-services.ts";
import { lookBeforeCall } from "./look-before-call.ts";
import type { ClusterLocks, Holders, ListedRun, RunStore } from "./ports.ts";
import type { Serial } from "./serial.ts";
import type { Timeline } from "./timeline.ts";

/** How often open runs of other instances are looked at, and this instance says that it lives. */
const SWEEP_EVERY_MS = 2000;
/** How long an answer that could not be recorded waits until it is recorded again. */
const RECORD_AGAIN_MS = 1000;
/** A timer stands still while the machine sleeps and does not see a clock that was set: no run sleeps longer without a look at the clock. */
const LONGEST_SLEEP_MS = 5000;

/** What the driver works with. */
export type DriverDeps = {
  readonly store: RunStore;
  readonly timeline: Timeline;
  readonly serial: Serial;
  readonly holders: Holders;
  readonly locks: ClusterLocks;
  readonly services: ActionServices;
  readonly holder: string;
  readonly checks: ReadonlyMap<string, Check>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly clusters: ReadonlyMap<string, VaultCluster>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly changed: (runId: string) => void;
};

/** Driver keeps open runs moving: it does what they want done, wakes them when time changes them, and takes over those of dead instances. */
export type Driver = {
  /** Looks at a run after it changed. */
  readonly wake: (runId: string) => void;
  /** Begins: looks at every open run once, then again and again. Before it nothing is carried. */
  readonly start: () => Promise<void>;
  /** Begins nothing new, ends reads, waits for calls that are under way, and leaves. */
  readonly stop: () => Promise<void>;
};

type Work = { readonly abort: AbortController; readonly isCall: boolean; readonly done: Promise<void> };

/** Creates the driver of this instance. */
export function createDriver(deps: DriverDeps): Driver {
  const state = new DriverState(deps);
  return {
    wake: (runId) => state.wake(runId),
    start: async () => {
      await state.sweep();
    },
    stop: async () => await state.stop(),
  };
}

class DriverState {
  readonly #deps: DriverDeps;
  /** What is under way, by run and effect key. */
  readonly #work = new Map<string, Map<string, Work>>();
  readonly #wakers = new Map<string, () => void>();
  readonly #seen = new Map<string, number>();
  /** What was last said of a run that could not be carried on: it is not said again every two seconds. */
  readonly #complaints = new Map<string, string>();
  #sweeping: Promise<void> = Promise.resolve();
  #cancelSweep: (() => void) | undefined;
  #stopWatching: (() => void) | undefined;
  /** A process that only answers a run (`sealwatch approve`) never begins: it carries nothing. */
  #begun = false;
  #stopping = false;

  constructor(deps: DriverDeps) {
    this.#deps = deps;
  }

  wake(runId: string): void {
    if (!this.#begun || this.#stopping) return;
    void this.#deps.serial
      .run(runId, async () => await this.#drive(runId))
      .catch((error: unknown) => this.#failed(runId, error));
  }

  async sweep(): Promise<void> {
    this.#sweeping = this.#sweep();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { holders, holder, clock, store, timers, logger } = this.#deps;
    this.#begun = true;
    this.#stopWatching ??= store.watch((runId) => this.wake(runId));
    try {
      await holders.beat(holder, clock.now());
      await this.#look(await store.list({ open: true, limit: 10_000 }));
    } catch (error) {
      logger.error("cannot look at the open runs", { why: toFailure(error).message });
    }
    if (!this.#stopping) this.#cancelSweep = timers.after(SWEEP_EVERY_MS, () => void this.sweep());
  }

  /** Wakes what changed since it was seen, what has no living driver, and what is not open any more. */
  async #look(open: readonly ListedRun[]): Promise<void> {
    const { holders, holder, clock } = this.#deps;
    const alive = new Map<string, boolean>();
    const lives = async (driver: string): Promise<boolean> => {
      const known = alive.get(driver) ?? (driver === holder || (await holders.isAlive(driver, clock.now())));
      alive.set(driver, known);
      return known;
    };
    for (const { id, version, summary } of open)
      if (this.#seen.get(id) !== version || !(await lives(summary.driver))) this.wake(id);
    const ids = new Set(open.map(({ id }) => id));
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.wake(id);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopWatching?.();
    this.#cancelSweep?.();
    for (const cancel of this.#wakers.values()) cancel();
    const all = [...this.#work.values()].flatMap((works) => [...works.values()]);
    for (const work of all) if (!work.isCall) work.abort.abort();
    await Promise.all(all.map((work) => work.done));
    await this.#deps.serial.idle();
    // A beat after the farewell would let a dead instance live for 30 s.
    await this.#sweeping;
    await this.#deps.holders.leave(this.#deps.holder);
  }

  async #drive(runId: string): Promise<void> {
    const loaded = await this.#deps.timeline.load(runId);
    if (loaded === undefined) return;
    if (this.#seen.get(runId) !== loaded.version) this.#deps.changed(runId);
    this.#seen.set(runId, loaded.version);
    if (loaded.run.status === "finished") return this.#forget(runId);
    if (!(await this.#isMine(loaded.run))) return;
    this.#begin(loaded.run);
    this.#setWaker(loaded.run);
    this.#complaints.delete(runId);
  }

  /** Whether this instance carries the run; takes it over from a dead one. */
  async #isMine(run: OpenRun): Promise<boolean> {
    const { holders, holder, clock, timeline, logger } = this.#deps;
    const strayCall = run.phase.name === "attempted" && run.phase.attempt.holder !== holder;
    if (run.driver === holder && !strayCall) return true;
    if (run.driver !== holder && (await holders.isAlive(run.driver, clock.now()))) return false;
    logger.info("taking over a run", { run: run.id });
    // Two that both slept too long (a suspended machine) would take the run from each other again and again.
    await holders.beat(holder, clock.now());
    await timeline.dispatch(run.id, { type: "TakeOver", driver: holder, from: run.driver, at: clock.now() });
    this.wake(run.id);
    return false;
  }

  #begin(run: OpenRun): void {
    const works = this.#work.get(run.id) ?? new Map<string, Work>();
    this.#work.set(run.id, works);
    const wanted = effects(run);
    for (const [key, work] of works) {
      if (!work.isCall && !wanted.some((effect) => effect.key === key)) {
        work.abort.abort();
        works.delete(key);
      }
    }
    for (const effect of wanted) {
      if (this.#stopping || works.has(effect.key)) continue;
      const abort = new AbortController();
      const done = this.#carry(run, effect, abort).catch((error: unknown) => this.#failed(run.id, error));
      works.set(effect.key, { abort, isCall: effect.type === "perform", done });
    }
  }

  /** Carries out one effect and records the answer; one that is still wanted then is begun again after its pause. */
  async #carry(run: OpenRun, effect: Effect, abort: AbortController): Promise<void> {
    const command = await this.#answer(run, effect, abort);
    if (command === undefined) return;
    await this.#record(run.id, command);
    this.wake(run.id);
    if (effect.type === "perform") return await this.#endCall(run.id, effect);
    try {
      if (await this.#isStillWanted(run.id, effect)) {
        await wait(pauseAfter(effect, this.#deps.actions), this.#deps.timers, abort.signal);
      }
    } finally {
      // Also when the store could not be read: work that stays in the list is never begun again.
      this.#work.get(run.id)?.delete(effect.key);
      this.wake(run.id);
    }
  }

  /** A call that is still wanted after its answer was recorded stays in the list: it is never begun a second time. */
  async #endCall(runId: string, effect: Effect): Promise<void> {
    if (await this.#isStillWanted(runId, effect)) return;
    this.#work.get(runId)?.delete(effect.key);
    this.wake(runId);
  }

  async #isStillWanted(runId: string, effect: Effect): Promise<boolean> {
    const loaded = await this.#deps.timeline.load(runId);
    return loaded?.run.status === "open" && effects(loaded.run).some(({ key }) => key === effect.key);
  }

  async #answer(run: OpenRun, effect: Effect, abort: AbortController): Promise<RunCommand | undefined> {
    const { clusters, checks, actions, clock, timers, holder, locks, services, logger } = this.#deps;
    const cluster = clusters.get(run.cluster);
    if (cluster === undefined) {
      logger.error("a run's cluster is not configured any more", { run: run.id, cluster: run.cluster });
      return undefined;
    }
    // Apart from `abort`, which says that nobody wants the answer: a read that was too slow is an answer, and is paused after.
    const late = new AbortController();
    const cancel = timers.after(timeLimit(effect, actions), () => late.abort());
    const signal = AbortSignal.any([abort.signal, late.signal]);
    const mayLeave = async (): Promise<void> => await lookBeforeCall(effect, run.id, this.#deps);
    const context = {
      cluster: guardCluster(cluster, mayLeave),
      clock,
      signal,
      services: guardServices(services, mayLeave),
    };
    const command = await carryOut(effect, { checks, actions, holder, locks, run, mayLeave, context });
    cancel();
    const overtaken = abort.signal.aborted && this.#work.get(run.id)?.get(effect.key) === undefined;
    return overtaken || (this.#stopping && effect.type !== "perform") ? undefined : command;
  }

  /** Records an answer; what a call answered is never dropped, so a store that fails is tried again. */
  async #record(runId: string, command: RunCommand): Promise<void> {
    for (;;) {
      try {
        await this.#deps.timeline.dispatch(runId, command);
        return;
      } catch (error) {
        this.#deps.logger.error("cannot record an answer, trying again", { run: runId, why: toFailure(error).message });
        if (this.#stopping) return;
        await wait(RECORD_AGAIN_MS, this.#deps.timers);
      }
    }
  }

  #setWaker(run: OpenRun): void {
    this.#wakers.get(run.id)?.();
    this.#wakers.delete(run.id);
    const at = wakeAt(run);
    if (at === undefined || this.#stopping) return;
    this.#sleepUntil(run.id, at);
  }

  #sleepUntil(runId: string, at: Timestamp): void {
    const { clock, timers, timeline } = this.#deps;
    const left = Math.min(Math.max(0, at - clock.now()), LONGEST_SLEEP_MS);
    const cancel = timers.after(left, () => {
      if (clock.now() < at) return this.#sleepUntil(runId, at);
      void timeline
        .dispatch(runId, { type: "Tick", at: clock.now() })
        .then(() => this.wake(runId))
        .catch((error: unknown) => this.#failed(runId, error));
    });
    this.#wakers.set(runId, cancel);
  }

  #forget(runId: string): void {
    const works = this.#work.get(runId);
    for (const [key, work] of works ?? []) {
      // A call of a run that was aborted goes on: `stop` waits for it.
      if (work.isCall) continue;
      work.abort.abort();
      works?.delete(key);
    }
    if (works?.size === 0) this.#work.delete(runId);
    this.#wakers.get(runId)?.();
    this.#wakers.delete(runId);
    this.#seen.delete(runId);
    this.#complaints.delete(runId);
  }

  #failed(runId: string, error: unknown): void {
    // So that the next sweep looks at it again.
    this.#seen.delete(runId);
    const why = toFailure(error).message;
    if (this.#complaints.get(runId) === why) return;
    this.#complaints.set(runId, why);
    this.#deps.logger.error("a run could not be carried on, it is tried again", { run: runId, why });
  }
}
