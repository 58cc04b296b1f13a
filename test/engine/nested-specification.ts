import type { RunCommand } from "../../src/engine/commands.ts";
import { decide } from "../../src/engine/decide.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { replay } from "../../src/engine/evolve.ts";
import type { Program, StepProgram } from "../../src/engine/program.ts";
import type { OpenRun, Run, StepRecord } from "../../src/engine/run.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import { goodOutside, registriesOf } from "../runner/runner-world.ts";
import { actor, T0 } from "./run-specification.ts";

const header = { meaning: "m", impact: "i", verify: "v", escalate: "e" };

/** A runbook with the given steps and whatever else its header says; its inputs are a cluster and a node. */
export function bookOf(steps: readonly unknown[], more: object = {}): Runbook {
  return Runbook.parse({
    ...header,
    id: "outer",
    title: "Outer",
    inputs: { cluster: { type: "cluster" }, node: { type: "node" } },
    steps,
    ...more,
  });
}

/** A runbook that others include: it takes a word and a number with a default. */
export function innerOf(steps: readonly unknown[]): Runbook {
  return Runbook.parse({
    ...header,
    id: "inner",
    title: "Inner",
    inputs: { where: { type: "cluster" }, word: { type: "string" }, times: { type: "int", default: 3 } },
    steps,
  });
}

/** Everything that a run needs to be played by hand, with the real expression language. */
export type Play = {
  readonly tell: (command: RunCommand) => readonly RunEvent["type"][];
  readonly run: () => Run;
  readonly open: () => OpenRun;
  readonly steps: () => readonly string[];
  readonly events: () => readonly RunEvent[];
};

const registries = registriesOf(goodOutside());

/** Starts a run of a runbook with those that it includes. */
export function playBook(
  runbook: Runbook,
  included: Readonly<Record<string, Runbook>> = {},
  more: object = {},
  instead: Readonly<Record<string, Partial<StepProgram>>> = {},
): Play {
  const compiled = compileProgram(runbook, included, registries, registries.actions);
  const steps = [...compiled.steps].map(([path, step]) => [path, { ...step, ...instead[path] }] as const);
  const program: Program = { ...compiled, steps: new Map(steps) };
  const events: RunEvent[] = [];
  const tell = (command: RunCommand): readonly RunEvent["type"][] => {
    const decision = decide(command, replay(events), program);
    if ("refused" in decision) throw new Error(decision.refused);
    events.push(...decision.events);
    return decision.events.map(({ type }) => type);
  };
  tell({
    type: "Start",
    at: T0,
    runId: "R1",
    runbook,
    runbookText: "text",
    runbookDigest: "digest",
    included,
    dryRun: false,
    drill: false,
    cluster: "prod",
    inputs: { cluster: "prod", node: "vault-2" },
    by: actor("alice", "approver"),
    origin: { surface: "cli" },
    driver: "host:1:a",
    ...more,
  });
  const run = (): Run => replay(events);
  return {
    tell,
    run,
    events: () => events,
    open: () => {
      const now = run();
      if (now.status !== "open") throw new Error(`the run is ${now.status}`);
      return now;
    },
    steps: () => stepsOf(run()),
  };
}

function stepsOf(run: Run): readonly string[] {
  return run.status === "none" ? [] : run.steps.map(({ id, status }: StepRecord) => `${id} ${status}`);
}

/** What the check `test.peers` answers. */
export const known = (step: string, value: boolean, at = T0 + 1): RunCommand => ({
  type: "RecordCheck",
  at,
  step,
  outcome: { ok: true, value: { known: value } },
});
