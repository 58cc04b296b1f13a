import type { FinishedRun, OpenRun, StepRecord } from "../../engine/run.ts";
import { viewGate, viewRun, type GateView } from "../../engine/view.ts";
import { formatDuration } from "../../lib/duration.ts";

const MARKS: Readonly<Record<StepRecord["status"], string>> = {
  pending: "·",
  running: "▸",
  done: "✔",
  failed: "✘",
  skipped: "–",
};

/** One thing to print about a run. `key` tells whether it was printed already. */
export type RunLine = { readonly key: string; readonly lines: readonly string[] };

/** Gives everything there is to say about a run so far, in order; what was printed before is recognised by its key. */
export function renderRun(run: OpenRun | FinishedRun): readonly RunLine[] {
  const steps = run.steps.filter(({ attempts }) => attempts > 0).map(renderStep);
  const gates = run.gates.flatMap(({ gate, outcome, text }) => [
    { key: `gate:${gate.id}`, lines: renderGate(viewGate(gate), run.id) },
    ...gate.votes.map((vote) => ({ key: `vote:${gate.id}:${vote.by.id}`, lines: [`    approved by ${vote.by.name}`] })),
    ...(outcome === "open"
      ? []
      : [{ key: `gate:${gate.id}:${outcome}`, lines: [`    gate ${gate.id}: ${text ?? outcome}`] }]),
  ]);
  const notes = run.notes.map((note, index) => ({ key: `note:${index}`, lines: [`    ${note.text}`] }));
  return [...steps, ...gates, ...notes, ...standing(run)];
}

/** Writes a gate for the terminal: what is asked, why it is safe now, what it costs, what proves success. */
export function gateLines(gate: GateView): readonly string[] {
  return [
    `  ⛔ GATE ${gate.id} (${gate.danger}): ${gate.ask}`,
    `    call:  ${gate.call}`,
    ...gate.facts.map((fact) => `    now:   ${fact}`),
    `    cost:  ${gate.cost}`,
    `    proof: ${gate.proof}`,
    ...gate.differences.map((difference) => `    CHANGED since the approval that is void: ${difference}`),
  ];
}

function renderGate(gate: GateView, runId: string): readonly string[] {
  return [
    ...gateLines(gate),
    `    needs ${gate.approvals} approval(s)${gate.notTheStarter ? ", not from the starter" : ""}; another person runs:`,
    `      sealwatch approve ${runId} ${gate.id}`,
  ];
}

function renderStep(step: StepRecord): RunLine {
  const took =
    step.startedAt !== undefined && step.endedAt !== undefined
      ? ` (${formatDuration(step.endedAt - step.startedAt)})`
      : "";
  const text = step.text === undefined || step.text === "" ? "" : `\n      ${step.text.split("\n").join("\n      ")}`;
  return {
    key: `step:${step.id}:${step.attempts}:${step.status}`,
    lines: [`  ${MARKS[step.status]} ${step.title}${took}${text}`],
  };
}

function standing(run: OpenRun | FinishedRun): readonly RunLine[] {
  if (run.status === "finished") return [{ key: "finished", lines: [`${run.result.toUpperCase()}: ${run.text}`] }];
  const { phase } = run;
  const view = viewRun(run);
  if (phase.name === "manual") {
    const work = [
      `    ${phase.text.trim().split("\n").join("\n    ")}`,
      ...phase.commands.map((command) => `    $ ${command}`),
    ];
    const progress =
      phase.progress === undefined
        ? []
        : [{ key: `progress:${phase.step}:${phase.progress}`, lines: [`    … ${phase.progress}`] }];
    return [{ key: `manual:${phase.step}`, lines: work }, ...progress];
  }
  if (phase.name === "stuck" || phase.name === "unknown") {
    // A retry that fails in the same words is told again.
    const attempts = run.steps.find(({ id }) => id === phase.step)?.attempts ?? 0;
    const key = `${phase.name}:${phase.step}:${attempts}.${run.gates.length}:${view.stateText}`;
    return [{ key, lines: [`  ! ${view.stateText}`] }];
  }
  if (phase.name === "waiting" && phase.progress !== undefined) {
    return [{ key: `progress:${phase.step}:${phase.progress}`, lines: [`    … ${phase.progress}`] }];
  }
  return [];
}
