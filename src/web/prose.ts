import { html, type Html } from "../lib/html.ts";
import { redact } from "../lib/redact.ts";

const ITEM = /^(?:[-*]|(?<number>\d+)[.)])\s+(?<text>.*)$/u;
const MARKED = /(`[^`\n]+`|\*[^\s*](?:[^*\n]*[^\s*])?\*)/u;

/** Shows text as runbooks write it: paragraphs, lists, `code` and *bold*. Everything else is shown as it stands, but never a secret. */
export function prose(text: string): Html {
  const paragraphs = redact(text)
    .trim()
    .split(/\n\s*\n/u);
  return html`${paragraphs.map((paragraph) => html`${runsOf(paragraph.split("\n")).map(showRun)}`)}`;
}

/** Shows text of one line: `code` and *bold*, nothing else, and never a secret. */
export function inline(text: string): Html {
  return marks(redact(text));
}

type Run = { readonly kind: "lines" | "bullets" | "numbers"; readonly start: number; readonly lines: string[] };

/** Puts neighbouring lines of the same kind together. */
function runsOf(lines: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (const line of lines) {
    const groups = ITEM.exec(line.trim())?.groups;
    const kind = groups === undefined ? "lines" : groups["number"] === undefined ? "bullets" : "numbers";
    const last = runs.at(-1);
    const text = groups?.["text"] ?? line.trim();
    if (last?.kind === kind) last.lines.push(text);
    else runs.push({ kind, start: Number(groups?.["number"] ?? 1), lines: [text] });
  }
  return runs;
}

function showRun({ kind, start, lines }: Run): Html {
  const items = lines.map((line) => html`<li>${marks(line)}</li>`);
  if (kind === "bullets") return html`<ul>${items}</ul>`;
  if (kind === "numbers") return html`<ol start="${start}">${items}</ol>`;
  return html`<p>${lines.map((line, index) => html`${index > 0 && html`<br />`}${marks(line)}`)}</p>`;
}

function marks(text: string): Html {
  const pieces = text.split(MARKED).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const content = piece.slice(1, -1);
    return piece.startsWith("`") ? html`<code>${content}</code>` : html`<b>${content}</b>`;
  });
  return html`${pieces}`;
}
