import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { ClusterState } from "../cluster-state.ts";
import type { Page } from "../page.ts";
import type { PreparedStart } from "../prepared-start.ts";
import { prose } from "../prose.ts";
import { startCommands } from "../start-commands.ts";
import { clusterPanel } from "./cluster-panel.ts";
import { runList } from "./run-list.ts";
import { stepWords } from "./step-words.ts";

/** What the page of a runbook shows. */
export type RunbookContent = {
  readonly runbook: Runbook;
  readonly prepared: PreparedStart;
  readonly clusters: readonly ClusterState[];
  /** The open runs of this runbook. */
  readonly open: readonly LoadedRun[];
  readonly now: Timestamp;
};

/** Shows what an alert's link opens: what it means, how things are now, and how to begin. */
export function runbookPage({ runbook, prepared, clusters, open, now }: RunbookContent): Page {
  const node = Object.keys(runbook.inputs).find((name) => runbook.inputs[name]?.type === "node");
  const marked = node === undefined ? undefined : prepared.inputs[node];
  const body = html`<h1>${runbook.title}</h1>
    <p class="soft"><code>${runbook.id}</code>${runbook.alerts.length > 0 && html` for ${runbook.alerts.join(", ")}`}</p>
    ${open.length > 0 && html`<section class="call"><h2>Already open</h2>${runList(open, now)}</section>`}
    <section><h2>What it means</h2>${prose(runbook.meaning)}<h3>Impact</h3>${prose(runbook.impact)}</section>
    ${clusters.map((state) => html`<section><h2>Cluster ${state.name} now</h2>${clusterPanel(state, marked)}</section>`)}
    ${startSection(runbook, prepared)}
    <section><h2>Done when</h2>${prose(runbook.verify)}<h3>Escalate</h3>${prose(runbook.escalate)}</section>
    <section><h2>Steps</h2><ol>${runbook.steps.map((step) => stepWords(step, prepared.inputs))}</ol></section>
    ${runbook.departs !== undefined && html`<section><h2>Where this departs from the usual advice</h2>${prose(runbook.departs)}</section>`}`;
  return { title: runbook.title, body };
}

function startSection(runbook: Runbook, prepared: PreparedStart): Html {
  const { slack, terminal } = startCommands(runbook, prepared.inputs);
  return html`<section ${prepared.problems.length > 0 && html`class="alarm"`}><h2>Start it</h2>
    ${prepared.problems.map((problem) => html`<p><b>The link is wrong:</b> ${problem}.</p>`)}
    <dl>${Object.keys(runbook.inputs).map((name) => inputRow(runbook, prepared, name))}</dl>
    <p>In Slack:</p><pre>${slack}</pre><p>In a terminal:</p><pre>${terminal}</pre>
    ${prepared.missing.length > 0 && html`<p class="soft">Fill in ${prepared.missing.map((name) => `<${name}>`).join(" and ")} first.</p>`}
  </section>`;
}

function inputRow(runbook: Runbook, { inputs }: PreparedStart, name: string): Html {
  const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  const description = runbook.inputs[name]?.description;
  return html`<dt>${name}</dt><dd>${value === undefined ? html`<span class="soft">not given</span>` : html`<b>${value}</b>`}
    ${description !== undefined && html`<span class="soft">${description}</span>`}</dd>`;
}
