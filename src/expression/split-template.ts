/** A piece of a template: literal text, an expression (with where it begins, 0-based), or a `${` that nobody closed. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly text: string; readonly offset: number }
  | { readonly kind: "open"; readonly offset: number };

/** Splits text at its `${…}`. Braces and quotes inside an expression are followed; `$${` is the text `${`. Never throws. */
export function splitTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = "";
  let at = 0;
  const flush = (): void => {
    if (literal !== "") parts.push({ kind: "text", text: literal });
    literal = "";
  };
  while (at < text.length) {
    if (text.startsWith("$${", at)) {
      literal += "${";
      at += 3;
    } else if (text.startsWith("${", at)) {
      flush();
      const end = endOfExpression(text, at + 2);
      if (end === undefined) return [...parts, { kind: "open", offset: at }];
      parts.push({ kind: "expression", text: text.slice(at + 2, end), offset: at + 2 });
      at = end + 1;
    } else {
      literal += text[at] ?? "";
      at += 1;
    }
  }
  flush();
  return parts;
}

function endOfExpression(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === "{") depth += 1;
    else if (character === "}" && depth === 0) return at;
    else if (character === "}") depth -= 1;
  }
  return undefined;
}

function endOfString(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
