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

/** Builds a page: every value is escaped unless it is itself `Html`; lists are joined, `undefined` and `false` are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return new Html(
    strings.map((text, index) => text + (index < values.length ? escapeHtml(values[index]) : "")).join(""),
  );
}

function escapeHtml(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(escapeHtml).join("");
  if (value === undefined || value === null || value === false) return "";
  return String(value).replaceAll(/[&<>"']/gu, (character) => ESCAPES[character] ?? character);
}
