import type { Json } from "../lib/json.ts";
import { showValue, type ScopeValues } from "./program.ts";

const EXPRESSION = /\$\{(?<expression>[^}]*)\}/gu;
const NAMES = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/u;
const UNKNOWN = "…";

/**
 * Writes the title of a step that has not begun. A name whose value is known already stands there as its value; whatever has to be computed is an
 * ellipsis until the step begins.
 */
export function pendingTitle(title: string, scope: ScopeValues): string {
  return title.replaceAll(EXPRESSION, (_whole, expression: string) => {
    const names = expression.trim();
    const value = NAMES.test(names) ? valueOf(names.split("."), scope) : undefined;
    return value === undefined ? UNKNOWN : showValue(value);
  });
}

function valueOf(names: readonly string[], { inputs, steps, items }: ScopeValues): Json | undefined {
  let value: Json | undefined = { ...items, inputs, steps };
  for (const name of names) {
    if (value === null || typeof value !== "object" || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined;
    value = (value as { readonly [key: string]: Json })[name];
  }
  return value;
}
