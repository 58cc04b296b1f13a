import type { Evidence } from "../../engine/run.ts";
import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { clockTag } from "../time-tag.ts";

/** Shows what people attached: who, when, the digest, and the text when it was kept; nothing when there is none. */
export function evidencePanel(evidence: readonly Evidence[], startedAt: Timestamp): Html | undefined {
  if (evidence.length === 0) return undefined;
  return html`<section><h2>Evidence</h2><ul class="rows">${evidence.map((each, index) => row(each, index, startedAt))}</ul></section>`;
}

function row({ at, by, name, sha256, bytes, text }: Evidence, index: number, startedAt: Timestamp): Html {
  return html`<li><div class="row"><b class="grow">${name}</b><span class="soft">${bytes} bytes, by ${by.name} at ${clockTag(at, startedAt)}</span></div>
    <code>sha256:${sha256}</code>
    ${text !== undefined && html`<details id="evidence-${index}"><summary>Its text</summary><pre>${text}</pre></details>`}</li>`;
}
