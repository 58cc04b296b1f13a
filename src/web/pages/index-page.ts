import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { ClusterState } from "../cluster-state.ts";
import type { Page } from "../page.ts";
import { clusterPanel } from "./cluster-panel.ts";
import { runList } from "./run-list.ts";

/** Runs, or why they cannot be read: the clusters are shown all the same. */
export type ReadRuns =
  { readonly ok: true; readonly runs: readonly LoadedRun[] } | { readonly ok: false; readonly why: string };

/** What the overview shows. */
export type IndexContent = {
  readonly clusters: readonly ClusterState[];
  readonly open: ReadRuns;
  readonly finished: ReadRuns;
  readonly runbooks: readonly Runbook[];
  readonly now: Timestamp;
};

/** Shows every cluster now, the open runs, and the runbooks. */
export function indexPage({ clusters, open, finished, runbooks, now }: IndexContent): Page {
  const body = html`<h1>Overview</h1>
    ${runSection("Open runs", open, now)}
    ${clusters.map((state) => html`<section><h2>Cluster ${state.name}</h2>${clusterPanel(state)}</section>`)}
    <section><h2>Runbooks</h2><ul class="rows">${runbooks.map(runbookRow)}</ul></section>
    ${runSection("Finished runs", finished, now)}
    <p class="soft">This page loads itself again every 30 s. <a href="/metrics">Metrics</a> for Prometheus.</p>`;
  return { title: "Overview", body, refreshSeconds: 30 };
}

function runSection(title: string, read: ReadRuns, now: Timestamp): Html {
  return html`<section ${!read.ok && html`class="alarm"`}><h2>${title}</h2>${runsOrWhy(read, now)}</section>`;
}

function runsOrWhy(read: ReadRuns, now: Timestamp): Html {
  if (!read.ok) return html`<p><b>The runs cannot be read:</b> ${read.why}</p>`;
  return read.runs.length === 0 ? html`<p class="soft">None.</p>` : runList(read.runs, now);
}

function runbookRow({ id, title, alerts }: Runbook): Html {
  return html`<li><div class="row"><a class="grow" href="/runbooks/${encodeURIComponent(id)}">${title}</a>
    <span class="soft"><code>${id}</code>${alerts.length > 0 && html` for ${alerts.join(", ")}`}</span></div></li>`;
}
