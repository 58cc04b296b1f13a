import type { Timestamp } from "../../lib/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import { html, type Html } from "../../lib/html.ts";
import { succeeded, type ProbeRecord } from "../probe-history.ts";

/** Says whether everything could be read. */
export function resultChip(probe: ProbeRecord): Html {
  return succeeded(probe)
    ? html`<span class="chip ok">complete</span>`
    : html`<span class="chip warn">incomplete</span>`;
}

/** Says how long ago something was; the exact time is in its title. */
export function agoTag(at: Timestamp, now: Timestamp): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${formatDuration(now - at)} ago</time>`;
}

/** Names the collectors that could not read all, with why. */
export function failingCollectors({ results }: ProbeRecord): Html {
  const failing = results.flatMap(({ cluster, collector, failure }) =>
    failure === undefined ? [] : [html`<b>${collector}</b> on ${cluster}: ${failure.reason}`],
  );
  return failing.length === 0
    ? html``
    : html`<p class="soft">${failing.map((text, index) => html`${index > 0 && "; "}${text}`)}</p>`;
}
