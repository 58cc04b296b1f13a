import { showValue } from "../../engine/program.ts";
import type { Origin, StepRecord } from "../../engine/run.ts";
import { viewRun, type RunChoice, type RunView } from "../../engine/view.ts";
import { formatDuration } from "../../lib/duration.ts";
import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { Page } from "../page.ts";
import { inline, prose } from "../prose.ts";
import { clockTag, timeTag } from "../time-tag.ts";
import { gatePanel } from "./gate-panel.ts";
import { manualPanel } from "./manual-panel.ts";
import { runChip } from "./run-chip.ts";
import { runTarget } from "./run-target.ts";
import { timeline } from "./timeline.ts";

/** Shows a run: what it waits for and from whom first, then every step, then what was said. Follows by itself while the run is open. */
export function runPage(loaded: LoadedRun, now: Timestamp): Page {
  const { run, version } = loaded;
  const view = viewRun(run);
  const body = html`<h1>${view.title}</h1>
    <p class="soft">${runTarget(run)} · run <code>${run.id}</code></p>
    <p>${runChip(view.state)} ${inline(view.stateText)}</p>
    ${view.nextActor !== undefined && html`<p>Next: <b>${view.nextActor}</b></p>`}
    ${view.state === "waiting" && html`<p class="soft">Possible now: ${view.choices.map(choiceWords).join(", ")}; in the run's Slack thread or in a terminal.</p>`}
    ${view.gate !== undefined && view.state === "waiting" && gatePanel(view.gate, run.id, now)}
    ${run.status === "open" && run.phase.name === "manual" && manualPanel(run.phase, view)}
    ${facts(loaded)}
    <section><h2>Steps</h2><ol class="rows steps">${view.steps.map((step) => stepRow(step, view))}</ol></section>
    <section><h2>Timeline</h2>${timeline(run)}</section>
    ${chain(loaded)}`;
  const url = `/runs/${encodeURIComponent(run.id)}.json`;
  return { title: `${view.state}: ${view.title}`, body, ...(run.status === "open" && { live: { url, version } }) };
}

/** What people may ask for, with what it needs from them. */
const CHOICES: Readonly<Record<RunChoice, string>> = {
  approve: "approve",
  reject: "reject with a reason",
  "confirm-manual": "confirm that it is done",
  retry: "try again",
  skip: "skip with a reason",
  "mark-done": "mark it as done with a reason",
  abort: "abort with a reason",
};

const SURFACES: Readonly<Record<Origin["surface"], string>> = {
  slack: "Slack",
  cli: "a terminal",
  web: "the web",
  alert: "an alert",
};

function choiceWords(choice: RunChoice): string {
  return CHOICES[choice];
}

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
};

function stepRow(step: StepRecord, view: RunView): Html {
  const current = step.id === view.currentStep;
  const shown = step.text ?? (current ? (view.progress ?? view.stateText) : undefined);
  return html`<li class="${step.status}${current && " now"}" data-mark="${MARKS[step.status]}">
    <div class="row"><b class="grow">${inline(step.title)}</b><span class="soft">${step.status}${step.attempts > 1 && `, ${step.attempts} times begun`}${took(step)}</span></div>
    ${shown !== undefined && prose(shown)}</li>`;
}

function took({ startedAt, endedAt }: StepRecord): Html | undefined {
  if (startedAt === undefined) return undefined;
  return html` · ${clockTag(startedAt, startedAt)}${endedAt !== undefined && `, ${formatDuration(endedAt - startedAt)}`}`;
}

function chain({ run, version, head }: LoadedRun): Html {
  return html`<section><h2>Proof</h2>
    <p>${version} events, each hashed onto the one before. The chain's head is</p><pre>${head}</pre>
    <p class="soft">Whoever has noted it can tell later whether the timeline was changed: <code>sealwatch run verify ${run.id}</code>.</p>
    <details id="runbook-text"><summary>The runbook as it was when the run began (SHA-256 ${run.runbookDigest})</summary><pre>${run.runbookText}</pre></details>
  </section>`;
}
