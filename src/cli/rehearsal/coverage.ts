import type { CatalogEntry } from "../../catalog/entry.ts";
import { scopeAt } from "../../engine/blocks.ts";
import type { RunEvent } from "../../engine/events.ts";
import { evolve, initialRun } from "../../engine/evolve.ts";
import type { Program } from "../../engine/program.ts";
import type { OpenRun, Run } from "../../engine/run.ts";
import { stepKind, type Step, type StepKind } from "../../runbook/schema.ts";
import { allSteps, definitionPath, stepAtPath } from "../../runbook/step-path.ts";

/** What tests took of a runbook. A branch is named like `remove: rejected`. */
export type Coverage = { readonly taken: readonly string[]; readonly missed: readonly string[] };

/** Branches that a step of a kind has besides that it ran. */
const BRANCHES: Readonly<Record<StepKind, readonly string[]>> = {
  check: [],
  wait: ["came true", "timed out"],
  do: ["refused by the facts", "agreed", "rejected", "expired", "voided"],
  ask: ["answered", "skipped"],
  manual: ["done", "skipped"],
  say: [],
  include: [],
  forEach: ["items", "empty"],
};

/** A list that is written out, like `[1, 2, 3]`, is never empty. */
const LITERAL = /^\s*\[[^\]]+\]\s*$/u;

/** Lists every branch of a runbook's own steps, those of its abort too; what it includes has tests of its own. */
export function branchesOf({ runbook }: Pick<CatalogEntry, "runbook">): readonly string[] {
  return [
    ...allSteps({ runbook, included: {} }).flatMap(({ path, step }) =>
      ofStep(step).map((branch) => `${path}: ${branch}`),
    ),
    "run: aborted",
  ];
}

function ofStep(step: Step): readonly string[] {
  const branches = "forEach" in step && LITERAL.test(step.forEach) ? ["items"] : BRANCHES[stepKind(step)];
  return [
    "ran",
    ...(step.when === undefined ? [] : ["not needed"]),
    ...("check" in step && step.expect !== undefined ? ["as expected", "otherwise"] : []),
    ...branches,
    ...(step.onFailure === "ask" || "wait" in step || "say" in step ? [] : ["failed"]),
  ];
}

/** Tells which branches the plays of a runbook's tests took. */
export function coverageOf(entry: CatalogEntry, plays: readonly (readonly RunEvent[])[], program: Program): Coverage {
  const all = branchesOf(entry);
  const seen = new Set(plays.flatMap((events) => takenBy(events, { entry, program })));
  return { taken: all.filter((branch) => seen.has(branch)), missed: all.filter((branch) => !seen.has(branch)) };
}

type Of = { readonly entry: CatalogEntry; readonly program: Program };

function takenBy(events: readonly RunEvent[], of: Of): readonly string[] {
  let run: Run = initialRun;
  return events.flatMap((event) => {
    const before = run;
    run = evolve(before, event);
    return before.status === "open" ? takenAt(before, event, of) : [];
  });
}

// oxlint-disable-next-line complexity -- one case an event
function takenAt(run: OpenRun, event: RunEvent, of: Of): readonly string[] {
  const at = (path: string, ...branches: readonly string[]): readonly string[] =>
    branches.map((branch) => `${definitionPath(path)}: ${branch}`);
  switch (event.type) {
    case "StepStarted":
      return at(event.step, "ran");
    case "StepSkipped":
      return at(event.step, event.by === undefined ? "not needed" : "skipped");
    case "StepSucceeded":
      return at(event.step, ...whenItSucceeds(run, event, of));
    case "StepFailed":
    case "StepStuck":
      return at(event.step, "failed", ...whenItFails(run, event));
    case "LoopBegun":
      return at(event.step, event.items.length === 0 ? "empty" : "items");
    case "GateAgreed":
    case "GateRejected":
    case "GateExpired":
    case "GateVoided":
      return run.gates.flatMap(({ gate }) => (gate.id === event.gate ? at(gate.step, GATE[event.type]) : []));
    case "CancelBegun":
      return ["run: aborted"];
    default:
      return [];
  }
}

const GATE = { GateAgreed: "agreed", GateRejected: "rejected", GateExpired: "expired", GateVoided: "voided" } as const;

type Succeeded = Extract<RunEvent, { type: "StepSucceeded" }>;
type Unsuccessful = Extract<RunEvent, { type: "StepFailed" | "StepStuck" }>;

function whenItSucceeds(run: OpenRun, { step: path, result }: Succeeded, { entry, program }: Of): readonly string[] {
  const step = stepAtPath(entry, path);
  if (step === undefined) return [];
  if (!("check" in step)) return [DONE[stepKind(step)] ?? "ran"];
  const holds = program.steps.get(definitionPath(path))?.condition({ ...scopeAt(run, path), result });
  return [holds === false ? "otherwise" : "as expected"];
}

const DONE: Partial<Record<StepKind, string>> = { wait: "came true", ask: "answered", manual: "done" };

function whenItFails({ phase }: OpenRun, { failure }: Unsuccessful): readonly string[] {
  if (failure.reason === "timeout") return ["timed out"];
  if (failure.reason !== "refused") return [];
  return phase.name === "planning" ? ["refused by the facts"] : phase.name === "checking" ? ["otherwise"] : [];
}
