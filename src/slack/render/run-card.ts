import type { OpenRun, StepRecord } from "../../engine/run.ts";
import { stepDepth } from "../../engine/step-depth.ts";
import { viewRun } from "../../engine/view.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, context, header, section, type Block, type Content } from "./content.ts";
import { cut } from "./limits.ts";
import { code, escape, link, time } from "./mrkdwn.ts";
import { markWords, nowWords, stepSign, took, type AnyRun } from "./run-words.ts";

const STEP_LINES = 20;
const STEP_TEXT = 160;
/** Slack drops plain spaces in front of a line. */
const EM_SPACE = "\u2003";
const DEEPEST = 4;

/** Draws a run's card: what it is, where it stands, who began it, and a button to abort it while it is open. */
export function runCard(run: AnyRun, externalUrl: string): Content {
  const blocks: readonly (Block | undefined)[] = [
    header(plainTitle(run)),
    section(nowWords(run)),
    section(stepLines(run)),
    context(...facts(run)),
    context(link(pageOf(run, externalUrl), "Run on the web"), `run ${code(run.id)}`),
    run.status === "open" ? cardButtons(run) : undefined,
  ];
  const text = `${markWords(run)}${escape(run.runbook.title)} on ${escape(run.cluster)}: ${nowWords(run)}`;
  return { text, blocks: blocks.filter((block) => block !== undefined) };
}

/** Gives the address of a run's own page. */
export function pageOf(run: AnyRun, externalUrl: string): string {
  return `${externalUrl.replace(/\/$/u, "")}/runs/${encodeURIComponent(run.id)}`;
}

function plainTitle(run: AnyRun): string {
  return `${markWords(run)}${run.runbook.title} (${run.cluster})`;
}

function facts(run: AnyRun): readonly (string | undefined)[] {
  const inputs = Object.entries(run.inputs).map(
    ([name, value]) => `${escape(name)} ${code(typeof value === "string" ? value : JSON.stringify(value))}`,
  );
  return [
    `started by *${escape(run.startedBy.name)}* ${time(run.startedAt)}`,
    run.assignee.id === run.startedBy.id ? undefined : `in charge: *${escape(run.assignee.name)}*`,
    run.status === "finished" ? `took ${took(run)}` : undefined,
    inputs.join(", "),
    alertWords(run),
  ];
}

function alertWords(run: AnyRun): string | undefined {
  // A run that ended hears nothing of its alert any more; the alert's own card does.
  if (run.alert === "none" || (run.status === "finished" && run.alert === "firing")) return undefined;
  return run.alert === "firing" ? ":rotating_light: the alert still fires" : ":white_check_mark: the alert is resolved";
}

/** Long runbooks: what is done is counted, what comes is shown. */
function stepLines(run: AnyRun): string {
  const hidden = Math.max(0, Math.min(firstOpen(run.steps) - 2, run.steps.length - STEP_LINES));
  const shown = run.steps.slice(hidden, hidden + STEP_LINES);
  const before = hidden > 0 ? [`_${hidden} earlier steps are in the thread_`] : [];
  const after = run.steps.length - hidden - shown.length;
  return [...before, ...shown.map(stepLine), ...(after > 0 ? [`_${after} more steps_`] : [])].join("\n");
}

function firstOpen(steps: readonly StepRecord[]): number {
  const index = steps.findIndex((step) => step.status === "running" || step.status === "pending");
  return index === -1 ? steps.length : index;
}

function stepLine(step: StepRecord): string {
  const title = step.status === "running" ? `*${escape(step.title)}*` : escape(step.title);
  const text = step.text === undefined ? "" : ` · ${cut(escape(step.text).replaceAll("\n", " "), STEP_TEXT)}`;
  const indent = EM_SPACE.repeat(Math.min(DEEPEST, stepDepth(step.id)));
  return `${indent}${stepSign(step.status)} ${title}${text}`;
}

/** A wait has no message of its own to press Skip at. */
function cardButtons(run: OpenRun): Block {
  const { choices, currentStep } = viewRun(run);
  const waits = run.phase.name === "waiting" && choices.includes("skip") && currentStep !== undefined;
  return buttons(
    { action: ACTIONS.takeOver, text: "Take over", value: writeValue(run.id, "") },
    ...(waits ? [{ action: ACTIONS.skip, text: "Skip the wait…", value: writeValue(run.id, currentStep) }] : []),
    { action: ACTIONS.abort, text: "Abort…", value: writeValue(run.id, ""), style: "danger" },
  );
}
