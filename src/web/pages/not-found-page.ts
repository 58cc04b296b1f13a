import { html } from "../../lib/html.ts";
import { nearest } from "../../lib/nearest.ts";
import { redact } from "../../lib/redact.ts";
import type { Page } from "../page.ts";

/** What was asked for and what there is. */
export type NotFound = {
  readonly kind: "runbook" | "run";
  readonly name: string;
  readonly known: readonly string[];
};

/** A name in a link is foreign text, and may be as long as a URL. */
const MAX_SHOWN = 100;

/** Says that there is no such thing, and names the one that was most likely meant, and the others. */
export function notFoundPage({ kind, name, known }: NotFound): Page {
  const shown = redact(name).slice(0, MAX_SHOWN);
  const near = nearest(name.slice(0, MAX_SHOWN), known);
  const link = (id: string) => html`<a href="/${kind}s/${encodeURIComponent(id)}">${id}</a>`;
  const body = html`<h1>There is no ${kind} “${shown}”</h1>
    ${near !== undefined && html`<p>Did you mean ${link(near)}?</p>`}
    <section><h2>${kind === "run" ? "The latest runs" : "The runbooks"}</h2>
      ${known.length === 0 ? html`<p class="soft">None.</p>` : html`<ul>${known.map((id) => html`<li>${link(id)}</li>`)}</ul>`}</section>`;
  return { status: 404, title: `No such ${kind}`, body };
}
