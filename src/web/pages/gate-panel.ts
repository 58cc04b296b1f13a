import type { GateView } from "../../engine/view.ts";
import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { inline } from "../prose.ts";
import { distance, timeTag } from "../time-tag.ts";

/** Shows a gate in words: what is asked, why it is safe now, and what is still missing. Nothing can be pressed here. */
export function gatePanel(gate: GateView, now: Timestamp): Html {
  return html`<section class="call"><h2>Approval needed</h2>
    <p><b>${inline(gate.ask)}</b> <span class="soft">${gate.danger}</span></p>
    ${gate.differences.length > 0 && html`<p><b>Changed since the approval that is void:</b></p>${list(gate.differences)}`}
    <dl><dt>Call</dt><dd>${inline(gate.call)}</dd>
      <dt>What holds now</dt><dd>${list(gate.facts)}</dd>
      <dt>Cost</dt><dd>${inline(gate.cost)}</dd>
      <dt>Proof</dt><dd>${inline(gate.proof)}</dd>
      <dt>Approvals</dt><dd><b>${gate.approvedBy.length} of ${gate.approvals}</b>${gate.approvedBy.length > 0 && ` (${gate.approvedBy.join(", ")})`}${gate.notTheStarter && ", not by who started the run or is in charge of it"}${gate.groups.length > 0 && html`, of ${gate.groups.join(" or ")}`}</dd>
      ${gate.phrase !== undefined && html`<dt>To be typed</dt><dd><code>${gate.phrase}</code></dd>`}
      <dt>Plan</dt><dd><code>${gate.planHash.slice(0, 12)}</code> <span class="soft">what a yes is bound to: compare it with what you are asked elsewhere</span></dd>
      <dt>Expires</dt><dd>${timeTag(gate.expiresAt)}, ${distance(gate.expiresAt, now)}</dd></dl>
  </section>`;
}

function list(sentences: readonly string[]): Html {
  return html`<ul>${sentences.map((sentence) => html`<li>${inline(sentence)}</li>`)}</ul>`;
}
