import type { RunEvent } from "../../engine/events.ts";
import { initialRun, replay } from "../../engine/evolve.ts";
import type { FinishedRun, OpenRun, Run } from "../../engine/run.ts";
import type { Boundaries, CrashPoint } from "./crash-point.ts";
import { createInstance, type Instance } from "./stage/instance.ts";
import type { ClusterEnd } from "./stage/simulated-cluster.ts";
import { openStage, type Stage, type StagedCall } from "./stage/stage.ts";
import { createPeople, type People } from "./people.ts";
import { ALERT, type Rehearsed } from "./rehearsed.ts";
import { personNamed, standing } from "./script.ts";

/** What came of one play of a test. */
export type Performance = {
  readonly events: readonly RunEvent[];
  readonly run: OpenRun | FinishedRun | undefined;
  readonly calls: readonly StagedCall[];
  readonly cluster: ClusterEnd;
  /** What went wrong while it was played, in sentences. */
  readonly problems: readonly string[];
  readonly boundaries: Boundaries;
  /** Whether the program died in it. */
  readonly crashed: boolean;
  /** The last event that was stored before the program died. */
  readonly lastWords: string | undefined;
  /** The program died in a call, and then the run said that people must look: its outcome is unknown, or only half of it is there. */
  readonly leftToPeople: boolean;
  /** Whether the run still has the cluster for itself. */
  readonly holdsLock: boolean;
  /** The event in the chain that does not fit, or undefined. */
  readonly brokenAt: number | undefined;
};

/** Without any event for this long nothing will ever happen again. */
const PATIENCE_MS = 2 * 3_600_000;
/** How long it takes until somebody starts a program that died. */
const RESTART_MS = 1000;
/** A play has some hundred turns; this many mean that it goes in a circle. */
const MAX_TURNS = 50_000;

/** Plays a test once; with a crash the program is killed at that point, and another instance carries on. */
export async function play(rehearsed: Rehearsed, crash?: CrashPoint): Promise<Performance> {
  const stage = await openStage(rehearsed, crash);
  const show = new Show(rehearsed, stage);
  await show.start();
  await show.run();
  return await show.end();
}

class Show {
  readonly #rehearsed: Rehearsed;
  readonly #stage: Stage;
  readonly #people: People;
  readonly #problems: string[] = [];
  #instance: Instance;
  #instances = 1;
  #left = false;
  #known: { readonly count: number; readonly run: Run } = { count: 0, run: initialRun };

  constructor(rehearsed: Rehearsed, stage: Stage) {
    this.#rehearsed = rehearsed;
    this.#stage = stage;
    this.#people = createPeople(rehearsed, stage);
    this.#instance = this.#open();
  }

  #open(): Instance {
    return createInstance({ stage: this.#stage, rehearsed: this.#rehearsed, number: this.#instances });
  }

  async start(): Promise<void> {
    const { test, inputs, cast, entry } = this.#rehearsed;
    void this.#instance.service.begin();
    const started = this.#instance.service.start({
      runbook: entry.runbook.id,
      inputs,
      by: personNamed(cast, test.by),
      origin: { surface: "cli", ...(test.alert ? { alertGroup: ALERT } : {}) },
      dryRun: test.dryRun,
    });
    const answer = await Promise.race([started, this.#instance.died]);
    if (answer?.ok === false) this.#problems.push(`the run was not started: ${answer.why}`);
  }

  async run(): Promise<void> {
    for (let turn = 0; this.#problems.length === 0; turn++) {
      await this.#settle();
      if (this.#stage.crashed() && this.#instances === 1) await this.#restart();
      const run = this.#now();
      if (run?.status !== "open") return;
      if (turn > MAX_TURNS) return void this.#problems.push(`${standing(run)}; it goes in a circle`);
      const acted = await this.#people.act(run, this.#instance);
      if (acted.did === "problem") return void this.#problems.push(acted.why);
      if (acted.did === "ended") this.#left = true;
      if (acted.did !== "nothing") continue;
      if (this.#stage.time.clock.now() - lastOf(this.#stage) > PATIENCE_MS || !this.#stage.time.jump())
        return void this.#problems.push(`${standing(run)}; nothing happened for two hours`);
    }
  }

  async end(): Promise<Performance> {
    const run = this.#now();
    await this.#letGo();
    this.#instance.end();
    const { events, calls, cluster, store } = this.#stage;
    return {
      events,
      run,
      calls,
      cluster: cluster.now(),
      problems: this.#problems.length > 0 ? this.#problems : this.#people.leftOver(run),
      boundaries: { appends: this.#stage.appends(), calls: this.#stage.leftCalls() },
      crashed: this.#stage.crashed(),
      lastWords: this.#stage.lastWords(),
      leftToPeople: this.#left,
      holdsLock: (await store.locks.list()).some(({ runId }) => runId === run?.id),
      brokenAt: run === undefined ? undefined : await store.runs.verify(run.id),
    };
  }

  /** A call that reaches the cluster late does so before the play is judged. */
  async #letGo(): Promise<void> {
    while (this.#stage.underWay() > 0 && this.#stage.time.jump()) await this.#settle();
  }

  async #restart(): Promise<void> {
    this.#stage.time.pass(RESTART_MS);
    this.#instances++;
    this.#instance = this.#open();
    void this.#instance.service.begin();
    await this.#settle();
  }

  #now(): OpenRun | FinishedRun | undefined {
    const { events } = this.#stage;
    if (this.#known.count < events.length)
      this.#known = { count: events.length, run: replay(events.slice(this.#known.count), this.#known.run) };
    const { run } = this.#known;
    return run.status === "none" ? undefined : run;
  }

  /** Resolves when nothing can happen any more unless time goes on. What waits by the machine's own clock gets the time that it takes. */
  async #settle(): Promise<void> {
    await this.#quiet();
    const since = performance.now();
    for (let waited = 0; this.#instance.busy() > 0 && this.#instance.hanging() === 0;) {
      await new Promise((resolve) => void setTimeout(resolve, 1));
      const passed = Math.round(performance.now() - since - LOADING_MS);
      if (passed > waited) this.#stage.time.pass(passed - waited);
      waited = Math.max(waited, passed);
      await this.#quiet();
    }
  }

  async #quiet(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      const before = this.#stage.activity();
      await new Promise((resolve) => void setImmediate(resolve));
      quiet = this.#stage.activity() === before ? quiet + 1 : 0;
    }
  }
}

/** Parts of the program are loaded when they are first used; that time is not the test's. */
const LOADING_MS = 250;

function lastOf({ events }: Stage): number {
  return events.at(-1)?.at ?? 0;
}
