import type { OpenRun, StepRecord } from "../../engine/run.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, context, header, section, type Block, type Content } from "./content.ts";
import { cut } from "./limits.ts";
import { code, escape, link, time } from "./mrkdwn.ts";
import { nowWords, stepSign, took, type AnyRun } from "./run-words.ts";

const STEP_LINES = 20;
const STEP_TEXT = 160;

/** Draws a run's card: what it is, where it stands, who began it, and a button to abort it while it is open. */
export function runCard(run: AnyRun, externalUrl: string): Content {
  const blocks: readonly (Block | undefined)[] = [
    header(plainTitle(run)),
    section(nowWords(run)),
    section(stepLines(run)),
    context(...facts(run)),
    context(link(pageOf(run, externalUrl), "Run on the web"), `run ${code(run.id)}`),
    run.status === "open" ? abortButton(run) : undefined,
  ];
  const text = `${escape(run.runbook.title)} on ${escape(run.cluster)}: ${nowWords(run)}`;
  return { text, blocks: blocks.filter((block) => block !== undefined) };
}

/** Gives the address of a run's own page. */
export function pageOf(run: AnyRun, externalUrl: string): string {
  return `${externalUrl.replace(/\/$/u, "")}/runs/${encodeURIComponent(run.id)}`;
}

function plainTitle(run: AnyRun): string {
  return `${run.runbook.title} (${run.cluster})`;
}

function facts(run: AnyRun): readonly (string | undefined)[] {
  const inputs = Object.entries(run.inputs).map(
    ([name, value]) => `${escape(name)} ${code(typeof value === "string" ? value : JSON.stringify(value))}`,
  );
  return [
    `started by *${escape(run.startedBy.name)}* ${time(run.startedAt)}`,
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
  return `${stepSign(step.status)} ${title}${text}`;
}

function abortButton(run: OpenRun): Block {
  return buttons({ action: ACTIONS.abort, text: "Abort…", value: writeValue(run.id, ""), style: "danger" });
}
