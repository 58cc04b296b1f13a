/** Html is text that is safe to send to a browser; only the `html` tag makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HtmlValue is what a page can show; an object is none, so `[object Object]` never compiles. */
export type HtmlValue = Html | string | number | boolean | null | undefined | readonly HtmlValue[];

/** Builds a page: every value is escaped unless it is itself `Html`; lists are joined; `undefined`, `null` and `false` are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    strings.map((text, index) => text + (index < values.length ? escapeHtml(values[index]) : "")).join(""),
  );
}

function escapeHtml(value: HtmlValue): string {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(escapeHtml).join("");
  return String(value).replaceAll(/[&<>"']/gu, (character) => ESCAPES[character] ?? character);
}
