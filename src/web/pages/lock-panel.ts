import type { LockHolder } from "../../engine/run.ts";
import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { distance, timeTag } from "../time-tag.ts";

/** Shows which run has the cluster to itself while this one waits for it. */
export function lockPanel({ runId, since }: LockHolder, now: Timestamp): Html {
  return html`<section class="call"><h2>The cluster is taken</h2>
    <p>Run <a href="/runs/${encodeURIComponent(runId)}"><code>${runId}</code></a> has it to itself since ${timeTag(since)}, ${distance(since, now)}.</p>
    <p class="soft">It is free again when that run ends. <code>sealwatch locks</code> lists who has which cluster; an admin can take it away with <code>sealwatch break-lock</code>.</p>
  </section>`;
}
