import type { RunCommand } from "../engine/commands.ts";
import { decide } from "../engine/decide.ts";
import { replay } from "../engine/evolve.ts";
import type { Program } from "../engine/program.ts";
import { ConcurrencyError } from "../lib/concurrency-error.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { LoadedRun, RunAnswer, RunStore } from "./ports.ts";

/** How often a decision is made again because someone else appended first. */
const MAX_TRIES = 20;

/** What a command led to: how many events were stored, or the refusal. */
export type Dispatched =
  { readonly ok: true; readonly appended: number } | { readonly ok: false; readonly why: string };

/** Timeline loads runs and lets commands happen to them: load, decide, append; again when someone else was first. */
export type Timeline = {
  readonly load: (runId: string) => Promise<LoadedRun | undefined>;
  readonly dispatch: (runId: string, command: RunCommand) => Promise<Dispatched>;
};

/** Creates a timeline over a store. `compile` gives a runbook's program; it is asked once a digest. */
export function createTimeline(store: RunStore, compile: (runbook: Runbook) => Program): Timeline {
  const programs = new Map<string, Program>();
  const programOf = (runbook: Runbook, digest: string): Program => {
    const known = programs.get(digest) ?? compile(runbook);
    programs.set(digest, known);
    return known;
  };
  return {
    load: async (runId) => await load(store, runId),
    dispatch: async (runId, command) => await dispatch({ store, programOf }, runId, command),
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

type Deps = { readonly store: RunStore; readonly programOf: (runbook: Runbook, digest: string) => Program };

async function dispatch({ store, programOf }: Deps, runId: string, command: RunCommand): Promise<Dispatched> {
  for (let tries = 1; ; tries++) {
    const loaded = await load(store, runId);
    const run = loaded?.run ?? ({ status: "none" } as const);
    const program = programFor(command, loaded, programOf);
    if (program === undefined) return { ok: false, why: "there is no such run" };
    const decision = decide(command, run, program);
    if ("refused" in decision) return { ok: false, why: decision.refused };
    if (decision.events.length === 0) return { ok: true, appended: 0 };
    try {
      await store.append(runId, loaded?.version ?? 0, decision.events);
      return { ok: true, appended: decision.events.length };
    } catch (error) {
      if (!(error instanceof ConcurrencyError) || tries >= MAX_TRIES) throw error;
    }
  }
}

/** Ending a run needs nothing of its runbook, which a newer version may not be able to carry out any more. */
const NO_PROGRAM: Program = { steps: new Map(), actions: new Map() };

function programFor(
  command: RunCommand,
  loaded: LoadedRun | undefined,
  programOf: Deps["programOf"],
): Program | undefined {
  if (loaded !== undefined && command.type === "Abort") return NO_PROGRAM;
  if (loaded !== undefined) return programOf(loaded.run.runbook, loaded.run.runbookDigest);
  return command.type === "Start" ? programOf(command.runbook, command.runbookDigest) : undefined;
}
