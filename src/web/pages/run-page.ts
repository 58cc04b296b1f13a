import { showValue } from "../../engine/program.ts";
import type { Origin, StepRecord } from "../../engine/run.ts";
import { stepDepth, stepPlace } from "../../engine/step-depth.ts";
import { viewRun, type RunView } from "../../engine/view.ts";
import { formatDuration } from "../../lib/duration.ts";
import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { Page } from "../page.ts";
import { inline, prose } from "../prose.ts";
import { templateText } from "../template-text.ts";
import { clockTag, timeTag } from "../time-tag.ts";
import { choicePanel } from "./choice-panel.ts";
import { evidencePanel } from "./evidence-panel.ts";
import { gatePanel } from "./gate-panel.ts";
import { lockPanel } from "./lock-panel.ts";
import { manualPanel } from "./manual-panel.ts";
import { questionPanel } from "./question-panel.ts";
import { runBanners } from "./run-banners.ts";
import { runChip } from "./run-chip.ts";
import { runTarget } from "./run-target.ts";
import { timeline } from "./timeline.ts";

/** Shows a run: what it waits for and from whom first, then every step, then what was said. Follows by itself while the run is open. */
export function runPage(loaded: LoadedRun, now: Timestamp): Page {
  const { run, version } = loaded;
  const view = viewRun(run);
  const body = html`<h1>${view.title}</h1>
    <p class="soft">${runTarget(run)} · run <code>${run.id}</code> · in charge: <b>${view.assignee}</b></p>
    ${runBanners(run)}
    <p>${runChip(view.state)} ${inline(view.stateText)}</p>
    ${view.nextActor !== undefined && html`<p>Next: <b>${view.nextActor}</b></p>`}
    ${view.lockHeldBy !== undefined && lockPanel(view.lockHeldBy, now)}
    ${view.gate !== undefined && view.state === "waiting" && gatePanel(view.gate, now)}
    ${view.question !== undefined && view.state === "waiting" && questionPanel(view.question)}
    ${run.status === "open" && run.phase.name === "manual" && view.state === "waiting" && manualPanel(run.phase, view)}
    ${run.status === "open" && choicePanel(view)}
    ${facts(loaded)}
    <section><h2>Steps</h2><ol class="rows steps">${view.steps.map((step) => stepRow(titled(step, run), view))}</ol></section>
    <section><h2>Timeline</h2>${timeline(run)}</section>
    ${evidencePanel(run.evidence, run.startedAt)}
    ${chain(loaded)}`;
  const url = `/runs/${encodeURIComponent(run.id)}.json`;
  return { title: `${view.state}: ${view.title}`, body, ...(run.status === "open" && { live: { url, version } }) };
}

const SURFACES: Readonly<Record<Origin["surface"], string>> = {
  slack: "Slack",
  cli: "a terminal",
  web: "the web",
  alert: "an alert",
};

function facts({ run }: LoadedRun): Html {
  const inputs = Object.entries(run.inputs).map(
    ([name, value]) => html`<dt>${name}</dt><dd>${inline(showValue(value))}</dd>`,
  );
  const ended =
    run.status === "finished" &&
    html`<dt>Ended</dt><dd>${timeTag(run.finishedAt)}, after ${formatDuration(run.finishedAt - run.startedAt)}</dd>`;
  return html`<section><dl>${inputs}
    <dt>Started</dt><dd>${timeTag(run.startedAt)} by ${run.startedBy.name}, from ${SURFACES[run.origin.surface]}</dd>${ended}
    ${run.alert !== "none" && html`<dt>Alert</dt><dd>${run.alert}</dd>`}
    <dt>Runbook</dt><dd><a href="/runbooks/${encodeURIComponent(run.runbook.id)}?${query(run.inputs)}">${run.runbook.id}</a></dd></dl></section>`;
}

function query(inputs: LoadedRun["run"]["inputs"]): string {
  return new URLSearchParams(
    Object.entries(inputs).map(([name, value]) => [name, showValue(value)] as [string, string]),
  ).toString();
}

const MARKS: Readonly<Record<StepRecord["status"], string>> = {
  pending: "○",
  running: "▶",
  done: "✓",
  failed: "✗",
  skipped: "–",
  planned: "◇",
};

function stepRow(step: StepRecord, view: RunView): Html {
  const current = step.id === view.currentStep;
  const shown = step.text ?? (current ? (view.progress ?? view.stateText) : undefined);
  const place = stepPlace(step.id);
  return html`<li class="${step.status}${current && " now"}${inBlock(step.id)}" data-mark="${MARKS[step.status]}">
    <div class="row"><b class="grow">${inline(step.title)}</b>${place !== undefined && html`<span class="soft">${place}</span>`}<span class="soft">${step.status}${step.attempts > 1 && `, ${step.attempts} times begun`}${took(step)}</span></div>
    ${shown !== undefined && prose(shown)}</li>`;
}

/** A step that has not begun has its title as the runbook writes it; what the inputs say of it is known already. */
function titled(step: StepRecord, { inputs }: LoadedRun["run"]): StepRecord {
  if (step.startedAt !== undefined) return step;
  const known = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, showValue(value)]));
  return { ...step, title: templateText(step.title, known) };
}

/** Deeper than the style knows is shown as deep as it knows. */
const DEEPEST = 4;

function inBlock(path: string): string {
  const depth = Math.min(DEEPEST, stepDepth(path));
  return depth === 0 ? "" : ` in${depth}`;
}

function took({ startedAt, endedAt }: StepRecord): Html | undefined {
  if (startedAt === undefined) return undefined;
  return html` · ${clockTag(startedAt, startedAt)}${endedAt !== undefined && `, ${formatDuration(endedAt - startedAt)}`}`;
}

function chain({ run, version, head }: LoadedRun): Html {
  return html`<section><h2>Proof</h2>
    <p>${version} events, each hashed onto the one before. The chain's head is</p><pre>${head}</pre>
    <p class="soft">Whoever has noted it can tell later whether the timeline was changed: <code>sealwatch run verify ${run.id}</code>.</p>
    <p>Export it: <a href="/runs/${encodeURIComponent(run.id)}/export.md">Markdown</a> for people, <a href="/runs/${encodeURIComponent(run.id)}/export.json">JSON</a> with every entry and its hash, which <code>sealwatch run verify --file</code> verifies without any store.</p>
    <details id="runbook-text"><summary>The runbook as it was when the run began (SHA-256 ${run.runbookDigest})</summary><pre>${run.runbookText}</pre></details>
  </section>`;
}
