import type { Timestamp } from "../../lib/clock.ts";
import { html, type Html } from "../../lib/html.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import type { Page } from "../../web/page.ts";
import { DEFAULT_MODULE, type ExporterSetup } from "../exporter-setup.ts";
import { succeeded, type ProbeRecord } from "../probe-history.ts";
import { agoTag, failingCollectors, resultChip } from "./probe-words.ts";

/** How many scrapes of one target are shown, whatever came of them. */
const SHOWN = 8;

/** What the exporter's landing page shows. */
export type ExporterContent = {
  readonly setup: ExporterSetup;
  /** Newest first. */
  readonly probes: readonly ProbeRecord[];
  readonly now: Timestamp;
};

/** Shows what Prometheus can scrape here, and how the last scrapes went. */
export function exporterPage({ setup, probes, now }: ExporterContent): Page {
  const modules = [...setup.modules].filter(([name]) => name !== DEFAULT_MODULE);
  const body = html`<h1>Exporter</h1>
    <section><h2>For Prometheus</h2><dl>
      <dt>Everything</dt><dd><a href="/metrics"><code>/metrics</code></a></dd>
      ${setup.clusters.map(clusterRows)}
      ${modules.length > 0 && html`<dt>Modules</dt><dd>${modules.map(([name]) => html`<code>module=${name}</code> `)}</dd>`}
    </dl><p class="soft">Behind a probe, <code>&amp;debug=true</code> shows every call instead.</p></section>
    <section><h2>Last scrapes</h2>${lastProbes(probes, now)}</section>
    <p class="soft">This page loads itself again every 30 s. It asks nobody.</p>`;
  return { title: "Exporter", body, refreshSeconds: 30 };
}

function clusterRows({ name, nodes }: VaultCluster): Html {
  return html`<dt>${name}</dt><dd>${probeLink(name)}
    ${
      nodes.length > 0 &&
      html`<details id="nodes-${name}"><summary>${nodes.length === 1 ? "1 node" : `${nodes.length} nodes`}</summary>
    <ul>${nodes.map((node) => html`<li>${probeLink(`${name}/${node.name}`)}</li>`)}</ul></details>`
    }</dd>`;
}

function probeLink(target: string): Html {
  const query = new URLSearchParams({ target }).toString().replaceAll("%2F", "/");
  return html`<a href="/probe?${query}"><code>/probe?${query}</code></a> <a class="soft" href="/probe?${query}&amp;debug=true">debug</a>`;
}

function lastProbes(probes: readonly ProbeRecord[], now: Timestamp): Html {
  if (probes.length === 0) return html`<p class="soft">None since the program started.</p>`;
  const byTarget = Map.groupBy(probes, ({ target, module }) =>
    module === DEFAULT_MODULE ? target : `${target} · ${module}`,
  );
  return html`${[...byTarget].map(([target, own]) => html`<h3>${target}</h3><ul class="rows">${shownOf(own).map((probe) => probeRow(probe, now))}</ul>`)}`;
}

/** The last ones, and of those before them what failed. */
function shownOf(probes: readonly ProbeRecord[]): readonly ProbeRecord[] {
  return probes.filter((probe, index) => index < SHOWN || !succeeded(probe));
}

function probeRow(probe: ProbeRecord, now: Timestamp): Html {
  return html`<li><div class="row">${resultChip(probe)} <a href="/exporter/probes/${probe.id}">${agoTag(probe.startedAt, now)}</a>
    <span class="soft grow">${probe.durationMs} ms, ${probe.calls.length} calls</span></div>${failingCollectors(probe)}</li>`;
}
