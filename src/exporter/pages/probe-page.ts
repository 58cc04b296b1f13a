import type { Timestamp } from "../../lib/clock.ts";
import { html, type Html } from "../../lib/html.ts";
import { redact } from "../../lib/redact.ts";
import type { Page } from "../../web/page.ts";
import type { RecordedCall } from "../call-recorder.ts";
import { callPath } from "../debug-page.ts";
import type { CollectorResult, ProbeRecord } from "../probe-history.ts";
import { agoTag, resultChip } from "./probe-words.ts";

/** Shows one scrape as it is remembered: its collectors and its calls, without bodies, headers and tokens. */
export function probePage(probe: ProbeRecord, now: Timestamp): Page {
  const { id, target, module, startedAt, durationMs, timeoutMs, results, calls } = probe;
  const body = html`<h1>Scrape ${id} of ${target}</h1>
    <p>${resultChip(probe)} <span class="soft">by module ${module}, ${agoTag(startedAt, now)}, took ${durationMs} ms of the ${timeoutMs} ms that it had</span></p>
    <section><h2>Collectors</h2><ul class="rows">${results.map(collectorRow)}</ul></section>
    <section><h2>Calls</h2>${calls.length === 0 ? html`<p class="soft">None.</p>` : html`<ul class="rows">${calls.map(callRow)}</ul>`}</section>
    <p><a href="/exporter">Exporter</a></p>`;
  return { title: `Scrape of ${target}`, body };
}

/** Says that a scrape is forgotten, or never was. */
export function missingProbePage(): Page {
  const body = html`<h1>No such scrape</h1>
    <p>Only the last scrapes are remembered, and none over a restart. <a href="/exporter">Exporter</a></p>`;
  return { status: 404, title: "No such scrape", body };
}

function collectorRow({ cluster, collector, durationMs, failure }: CollectorResult): Html {
  const chip =
    failure === undefined
      ? html`<span class="chip ok">ok</span>`
      : html`<span class="chip bad">${failure.reason}</span>`;
  return html`<li><div class="row">${chip} <b>${collector}</b> <span class="grow">${cluster}</span> <span class="soft">${durationMs} ms</span></div>
    ${failure !== undefined && html`<p class="soft">${redact(failure.message)}</p>`}</li>`;
}

function callRow(call: RecordedCall): Html {
  const { nodeName, method, hasToken, durationMs, afterMs, end } = call;
  const facts = [
    hasToken ? "with token" : "no token",
    `after ${afterMs} ms`,
    ...(durationMs === undefined ? [] : [`took ${durationMs} ms`]),
    ...(end?.bytes === undefined ? [] : [`${end.bytes} bytes`]),
  ];
  return html`<li><div class="row">${codeChip(call)} <span>${nodeName}</span> <span class="grow"><code>${method} ${callPath(call)}</code></span>
    <span class="soft">${facts.join(", ")}</span></div></li>`;
}

function codeChip({ end }: RecordedCall): Html {
  if (end === undefined) return html`<span class="chip idle">not ended</span>`;
  if (end.failure === undefined) return html`<span class="chip ok">${end.statusCode ?? "ok"}</span>`;
  return html`<span class="chip bad">${end.statusCode !== undefined && `${end.statusCode} `}${end.failure.reason}</span>`;
}
