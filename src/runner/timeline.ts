import type { RunCommand } from "../engine/commands.ts";
import { decide } from "../engine/decide.ts";
import { initialRun, replay } from "../engine/evolve.ts";
import type { RunEvent } from "../engine/events.ts";
import type { RefusalCode } from "../engine/decision.ts";
import type { Program } from "../engine/program.ts";
import { ConcurrencyError } from "../lib/concurrency-error.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { FinishedRun, OpenRun, Run } from "../engine/run.ts";
import type { LoadedRun, RunAnswer, RunStore } from "./ports.ts";
import { createSerial } from "./serial.ts";
import { summarize } from "./summarize.ts";

/** How often a decision is made again because someone else appended first. */
const MAX_TRIES = 20;

/** What a command led to: how many events were stored, or the refusal. */
export type Dispatched =
  | { readonly ok: true; readonly appended: number }
  | { readonly ok: false; readonly why: string; readonly code: RefusalCode };

/** What happened to a run, for metrics: the events in order, with the run before and after them. */
export type Appended = {
  readonly before: Run;
  readonly events: readonly RunEvent[];
  readonly after: OpenRun | FinishedRun;
};

/** Makes the program of a runbook with those that it includes. Throws `FailureError` when this version cannot carry it out. */
export type CompileRun = (runbook: Runbook, included: Included) => Program;
type Included = OpenRun["included"];

/** Timeline loads runs and lets commands happen to them: load, decide, append; again when someone else was first. */
export type Timeline = {
  readonly load: (runId: string) => Promise<LoadedRun | undefined>;
  readonly dispatch: (runId: string, command: RunCommand) => Promise<Dispatched>;
};

/** What a timeline works with. `appended` is told of what was stored. */
export type TimelineDeps = {
  readonly store: RunStore;
  readonly compile: CompileRun;
  readonly appended?: (appended: Appended) => void;
};

/** Programs that are kept: those of the runbooks in use, and of the runs that were begun with older texts. */
const MAX_PROGRAMS = 200;

/** Creates a timeline over a store. `compile` is asked once a digest. */
export function createTimeline({ store, compile, appended = () => {} }: TimelineDeps): Timeline {
  const programs = new Map<string, Program>();
  // Only other instances can be first: a hundred people who write at once would lose against each other too often.
  const serial = createSerial();
  const programOf: ProgramOf = ({ runbook, included, runbookDigest }) => {
    const known = programs.get(runbookDigest) ?? compile(runbook, included);
    programs.delete(runbookDigest);
    programs.set(runbookDigest, known);
    const [oldest] = programs.keys();
    if (programs.size > MAX_PROGRAMS && oldest !== undefined) programs.delete(oldest);
    return known;
  };
  return {
    load: async (runId) => await load(store, runId),
    dispatch: async (runId, command) =>
      await serial.run(runId, async () => await dispatch({ store, programOf, appended }, runId, command)),
  };
}

/** Gives a dispatch as the answer that a person sees. */
export function answerOf(runId: string, dispatched: Dispatched): RunAnswer {
  return dispatched.ok ? { ok: true, runId } : dispatched;
}

async function load(store: RunStore, runId: string): Promise<LoadedRun | undefined> {
  const stored = await store.read(runId);
  const run = replay(stored.map(({ event }) => event));
  if (run.status === "none") return undefined;
  return { run, version: stored.length, head: stored.at(-1)?.hash ?? "" };
}

type ProgramOf = (run: {
  readonly runbook: Runbook;
  readonly included: Included;
  readonly runbookDigest: string;
}) => Program;

type Deps = {
  readonly store: RunStore;
  readonly programOf: ProgramOf;
  readonly appended: (appended: Appended) => void;
};

async function dispatch({ store, programOf, appended }: Deps, runId: string, command: RunCommand): Promise<Dispatched> {
  for (let tries = 1; ; tries++) {
    const loaded = await load(store, runId);
    const before = loaded?.run ?? initialRun;
    const program = programFor(command, loaded, programOf);
    if (program === undefined) return { ok: false, why: "there is no such run", code: "no-such-run" };
    const decision = decide(command, before, program);
    if ("refused" in decision) return { ok: false, why: decision.refused, code: decision.code };
    const { events } = decision;
    const after = replay(events, before);
    if (events.length === 0 || after.status === "none") return { ok: true, appended: 0 };
    try {
      await store.append(runId, loaded?.version ?? 0, events, summarize(after));
      appended({ before, events, after });
      return { ok: true, appended: events.length };
    } catch (error) {
      if (!(error instanceof ConcurrencyError) || tries >= MAX_TRIES) throw error;
    }
  }
}

/** Ending a run needs nothing of its runbook, which a newer version may not be able to carry out any more. */
const NO_PROGRAM: Program = { steps: new Map(), actions: new Map() };

function programFor(command: RunCommand, loaded: LoadedRun | undefined, programOf: ProgramOf): Program | undefined {
  if (loaded === undefined) return command.type === "Start" ? programOf(command) : undefined;
  try {
    return programOf(loaded.run);
  } catch (error) {
    if (command.type === "Abort" || isEnding(loaded)) return NO_PROGRAM;
    throw error;
  }
}

function isEnding({ run }: LoadedRun): boolean {
  return run.status === "finished" || run.cancelling !== undefined;
}
