import type { types } from "@slack/bolt";
import type { StepRecord } from "../../engine/run.ts";
import { stepDepth } from "../../engine/step-depth.ts";
import { redact } from "../../lib/redact.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { section, type Block } from "./content.ts";
import { cut } from "./cut.ts";
import { line, plain } from "./mrkdwn.ts";
import { progressOf, stepSign, type AnyRun } from "./run-words.ts";

const SHOWN = 20;
const STEP_TEXT = 160;
/** Slack drops plain spaces in front of a line. */
const EM_SPACE = "\u2003";
const DEEPEST = 4;

/** Draws the steps of a run, what is done and what comes: as lines, or as Slack's plan. */
export function stepsBlock(run: AnyRun, how: "classic" | "plan"): Block {
  return how === "plan" ? planOf(run) : section(stepLines(run));
}

type Shown = { readonly hidden: number; readonly shown: readonly StepRecord[]; readonly more: number };

/** Long runbooks: what is done is counted, what comes is shown. */
function shownSteps(run: AnyRun): Shown {
  const { steps } = run;
  const hidden = Math.max(0, Math.min(currentOf(run) - 2, steps.length - SHOWN));
  const shown = steps.slice(hidden, hidden + SHOWN);
  return { hidden, shown, more: steps.length - hidden - shown.length };
}

/** A block runs as long as its steps do: the step that the run is at tells more. */
function currentOf(run: AnyRun): number {
  const current = run.status === "open" && "step" in run.phase ? run.phase.step : undefined;
  const at = run.steps.findIndex(({ id }) => id === current);
  const open = at === -1 ? run.steps.findIndex(({ status }) => status === "running" || status === "pending") : at;
  return open === -1 ? run.steps.length : open;
}

function stepLines(run: AnyRun): string {
  const { hidden, shown, more } = shownSteps(run);
  const before = hidden > 0 ? [`_${hidden} earlier steps are in the thread_`] : [];
  return [...before, ...shown.map(stepLine), ...(more > 0 ? [`_${more} more steps_`] : [])].join("\n");
}

function stepLine(step: StepRecord): string {
  const title = step.status === "running" ? `*${line(step.title, 120)}*` : line(step.title, 120);
  const text = step.text === undefined ? "" : ` · ${line(step.text, STEP_TEXT)}`;
  return `${indent(step)}${stepSign(step.status)} ${title}${text}`;
}

function indent({ id }: StepRecord): string {
  return EM_SPACE.repeat(Math.min(DEEPEST, stepDepth(id)));
}

function planOf(run: AnyRun): Block {
  const { hidden, shown, more } = shownSteps(run);
  const progress = run.status === "open" ? progressOf(run) : undefined;
  const title = [
    progress === undefined ? "Steps" : `Step ${progress.at} of ${progress.of}`,
    hidden > 0 ? `${hidden} earlier in the thread` : "",
    more > 0 ? `${more} more` : "",
  ];
  return { type: "plan", title: title.filter((part) => part !== "").join(" · "), tasks: shown.map(taskOf) };
}

/** Everything in a task is plain text: there is no markup to escape. */
function taskOf(step: StepRecord): types.TaskCardBlock {
  const { status, note } = taskStatus(step.status);
  return {
    type: "task_card",
    task_id: cut(step.id, 255),
    title: `${indent(step)}${cut(unmarked(step.title), 120)}${note}`,
    status,
    ...(step.text === undefined || step.text.trim() === ""
      ? {}
      : { output: richText(cut(unmarked(step.text), STEP_TEXT)) }),
  };
}

function unmarked(text: string): string {
  return redact(plain(text)).replaceAll(/\s+/gu, " ").trim();
}

/** Backticks are the only markup in what steps say; here each piece says itself that it is code. */
function richText(text: string): types.RichTextBlock {
  const elements = text
    .split("`")
    .map((part, index, all): types.RichTextText => {
      const isCode = index % 2 === 1 && index < all.length - 1;
      return { type: "text", text: part, ...(isCode ? { style: { code: true } } : {}) };
    })
    .filter((part) => part.text !== "");
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

/** Slack's tasks know four states; the others are said in the title. */
function taskStatus(status: StepRecord["status"]): {
  readonly status: types.TaskCardBlock["status"];
  readonly note: string;
} {
  switch (status) {
    case "pending":
      return { status: "pending", note: "" };
    case "running":
      return { status: "in_progress", note: "" };
    case "done":
      return { status: "complete", note: "" };
    case "failed":
      return { status: "error", note: "" };
    case "skipped":
      return { status: "complete", note: " (skipped)" };
    case "planned":
      return { status: "complete", note: " (planned)" };
    default:
      return exhaustive(status);
  }
}
