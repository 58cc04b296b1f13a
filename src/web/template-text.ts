/** Texts by input name, as far as they are known. */
export type KnownInputs = Readonly<Record<string, string>>;

const INPUT = /^\s*inputs[.](?<name>[a-z][a-z0-9_]*)\s*$/u;

/**
 * Shows a runbook's text before a run: `${inputs.x}` becomes its value, or `<x>` while it has none; what only the run will know becomes `…`.
 * The expressions are not evaluated here.
 */
export function templateText(text: string, inputs: KnownInputs): string {
  let shown = "";
  let position = 0;
  for (let start = text.indexOf("${"); start !== -1; start = text.indexOf("${", position)) {
    const end = endOfExpression(text, start + 2);
    const name = INPUT.exec(text.slice(start + 2, end))?.groups?.["name"];
    shown += `${text.slice(position, start)}${name === undefined ? "…" : valueOf(inputs, name)}`;
    position = end + 1;
  }
  return (shown + text.slice(position)).replaceAll(/…(?:\s*…)+/gu, "…");
}

function valueOf(inputs: KnownInputs, name: string): string {
  return (Object.hasOwn(inputs, name) ? inputs[name] : undefined) ?? `<${name}>`;
}

/** Finds the brace that closes an expression: not one in a string, nor one that closes another. */
function endOfExpression(text: string, from: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let index = from; index < text.length; index++) {
    const character = text[index];
    if (quote !== undefined) {
      if (character === "\\") index++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "{") depth++;
    else if (character === "}" && depth-- === 0) return index;
  }
  return text.length;
}
