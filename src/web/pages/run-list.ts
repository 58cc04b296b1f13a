import { viewRun } from "../../engine/view.ts";
import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import { inline } from "../prose.ts";
import { distance } from "../time-tag.ts";
import { runChip } from "./run-chip.ts";
import { runTarget } from "./run-target.ts";

/** Shows runs as a list of links, each with what it does or waits for. */
export function runList(runs: readonly LoadedRun[], now: Timestamp): Html {
  return html`<ul class="rows">${runs.map((loaded) => runRow(loaded, now))}</ul>`;
}

function runRow({ run }: LoadedRun, now: Timestamp): Html {
  const view = viewRun(run);
  return html`<li>
    <div class="row">${runChip(view.state)}${run.dryRun && html`<span class="chip idle">dry run</span>`}${run.drill && html`<span class="chip idle">drill</span>`}<a class="grow" href="/runs/${encodeURIComponent(run.id)}">${view.title}</a>
      <span class="soft">${runTarget(run)} · ${run.id} · started ${distance(run.startedAt, now)} by ${run.startedBy.name}</span></div>
    <div class="soft">${inline(view.stateText)}${view.nextActor !== undefined && html` · next: <b>${view.nextActor}</b>`}</div>
  </li>`;
}
