import { answerWords } from "../../engine/answer-words.ts";
import { choiceCommand } from "../../engine/choice-command.ts";
import type { Evidence, FinishedRun, GateRecord, LockHolder, Note, OpenRun, StepRecord } from "../../engine/run.ts";
import { stepDepth, stepPlace } from "../../engine/step-depth.ts";
import { viewGate, viewRun, type GateView } from "../../engine/view.ts";
import { formatDuration } from "../../lib/duration.ts";
import { shellWord } from "../../lib/shell-word.ts";

const MARKS: Readonly<Record<StepRecord["status"], string>> = {
  pending: "·",
  running: "▸",
  done: "✔",
  failed: "✘",
  skipped: "–",
  planned: "◇",
};

/** How much of a hash people compare. */
const SHORT_HASH = 12;

/** One thing to print about a run. `key` tells whether it was printed already. */
export type RunLine = { readonly key: string; readonly lines: readonly string[] };

/** Gives everything there is to say about a run so far, in order; what was printed before is recognised by its key. */
export function renderRun(run: OpenRun | FinishedRun): readonly RunLine[] {
  return [
    ...banner(run),
    ...run.steps.filter(({ attempts }) => attempts > 0).map(renderStep),
    ...run.gates.flatMap((record) => renderGate(record, run.id)),
    ...run.notes.map((note, index) => ({ key: `note:${index}`, lines: indented(noteText(note), "    ") })),
    ...run.evidence.map((evidence, index) => ({ key: `evidence:${index}`, lines: [evidenceText(evidence)] })),
    ...standing(run),
  ];
}

/** Writes a gate for the terminal: what is asked, why it is safe now, what it costs, what proves success. */
export function gateLines(gate: GateView): readonly string[] {
  return [
    `  ⛔ GATE ${gate.id} (${gate.danger}): ${gate.ask}`,
    `    call:  ${gate.call}`,
    ...gate.facts.map((fact) => `    now:   ${fact}`),
    `    cost:  ${gate.cost}`,
    `    proof: ${gate.proof}`,
    `    plan:  ${gate.planHash.slice(0, SHORT_HASH)}`,
    ...gate.differences.map((difference) => `    CHANGED since the approval that is void: ${difference}`),
  ];
}

function banner({ dryRun, drill }: OpenRun | FinishedRun): readonly RunLine[] {
  return [
    ...(dryRun ? [{ key: "dry-run", lines: ["  DRY RUN: reads and plans, calls nothing that changes anything"] }] : []),
    ...(drill ? [{ key: "drill", lines: ["  DRILL: carried out to practise; its calls are real"] }] : []),
  ];
}

function renderGate({ gate, outcome, text }: GateRecord, runId: string): readonly RunLine[] {
  const view = viewGate(gate);
  const from = gate.groups.length === 0 ? "" : ` of ${gate.groups.join(" or ")}`;
  const asked: RunLine = {
    key: `gate:${gate.id}`,
    lines: [
      ...gateLines(view),
      `    needs ${gate.approvals} approval(s)${from}${gate.notTheStarter ? ", not from the starter or who is in charge" : ""}; another person runs:`,
      `      sealwatch approve ${runId} ${shellWord(gate.id)} --plan ${gate.planHash.slice(0, SHORT_HASH)}`,
    ],
  };
  const votes = gate.votes.map((vote) => ({
    key: `vote:${gate.id}:${vote.by.id}:${vote.at}`,
    lines: [`    approved by ${vote.by.name}`],
  }));
  if (outcome === "open") return [asked, ...votes];
  const loud = outcome === "broken" ? "!!! " : "";
  return [
    asked,
    ...votes,
    { key: `gate:${gate.id}:${outcome}`, lines: [`    ${loud}gate ${gate.id}: ${text ?? outcome}`] },
  ];
}

function renderStep(step: StepRecord): RunLine {
  const took =
    step.startedAt !== undefined && step.endedAt !== undefined
      ? ` (${formatDuration(step.endedAt - step.startedAt)})`
      : "";
  const indent = "  ".repeat(stepDepth(step.id));
  const place = stepPlace(step.id);
  const text = step.text === undefined || step.text === "" ? [] : indented(step.text, `      ${indent}`);
  return {
    key: `step:${step.id}:${step.attempts}:${step.status}`,
    lines: [
      [
        `  ${indent}${MARKS[step.status]} ${step.title}${place === undefined ? "" : ` [${place}]`}${took}`,
        ...text,
      ].join("\n"),
    ],
  };
}

function noteText({ by, text }: Note): string {
  return by === undefined || text.startsWith(by.name) || text.startsWith("BREAK-GLASS") ? text : `${by.name}: ${text}`;
}

function evidenceText({ by, name, bytes, sha256 }: Evidence): string {
  return `    ${by.name} attached ${name}: ${bytes} bytes, sha256:${sha256}`;
}

function indented(text: string, indent: string): readonly string[] {
  return text
    .trim()
    .split("\n")
    .map((line) => `${indent}${line}`);
}

function standing(run: OpenRun | FinishedRun): readonly RunLine[] {
  if (run.status === "finished") return [{ key: "finished", lines: [`${run.result.toUpperCase()}: ${run.text}`] }];
  const { phase, cancelling } = run;
  const { stateText } = viewRun(run);
  if (cancelling !== undefined) return [{ key: `cancelling:${stateText}`, lines: [`  ! ${stateText}`] }];
  switch (phase.name) {
    case "manual":
      return manualLines(phase);
    case "asking":
      return [
        {
          key: `asking:${phase.step}:${attemptsOf(run, phase.step)}`,
          lines: [
            ...indented(phase.text, "    "),
            `    answer with ${answerWords(phase.answer)}: sealwatch answer ${run.id} VALUE`,
          ],
        },
      ];
    case "locking":
      return phase.heldBy === undefined ? [] : [lockLine(phase.heldBy, wayOn(run))];
    case "held":
    case "stuck":
    case "unknown": {
      // A retry that fails in the same words is told again.
      const key = `${phase.name}:${phase.step}:${attemptsOf(run, phase.step)}.${run.gates.length}:${stateText}`;
      return [{ key, lines: [`  ! ${stateText}`, ...wayOn(run)] }];
    }
    case "waiting":
      return progressLines(phase);
    default:
      return [];
  }
}

function manualLines(phase: Extract<OpenRun["phase"], { name: "manual" }>): readonly RunLine[] {
  const work = [...indented(phase.text, "    "), ...phase.commands.map((command) => `    $ ${command}`)];
  return [{ key: `manual:${phase.step}`, lines: work }, ...progressLines(phase)];
}

function progressLines({ step, progress }: { step: string; progress: string | undefined }): readonly RunLine[] {
  return progress === undefined ? [] : [{ key: `progress:${step}:${progress}`, lines: [`    … ${progress}`] }];
}

/** Whoever reads this may not be at the terminal that asks: every way on is a command. */
function wayOn(run: OpenRun): readonly string[] {
  const view = viewRun(run);
  return view.choices.map((choice) => `      ${choiceCommand(choice, view)}`);
}

function lockLine({ runId, since }: LockHolder, ways: readonly string[]): RunLine {
  return {
    key: `lock:${runId}:${since}`,
    lines: [
      `  ! waiting for the cluster: run ${runId} has it to itself since ${new Date(since).toISOString()}`,
      ...ways,
    ],
  };
}

function attemptsOf(run: OpenRun, step: string): number {
  return run.steps.find(({ id }) => id === step)?.attempts ?? 0;
}
