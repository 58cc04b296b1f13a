import { RESERVED_NAMES, TYPE_NAMES } from "../../expression/reserved-names.ts";
import type { Rule } from "../rule.ts";

/** Refuses names that expressions could not read. */
export const reservedName: Rule = {
  name: "reserved-name",
  summary: "A step, an input or the item of a loop has a name that is a word of the expression language.",
  *check({ runbook, compilations }) {
    for (const name of Object.keys(runbook.inputs))
      if (RESERVED_NAMES.has(name)) yield { path: ["inputs", name], on: "key", message: reserved(name) };
    for (const { step, at } of compilations) {
      if (RESERVED_NAMES.has(step.id)) yield { path: [...at, "id"], message: reserved(step.id) };
      if ("forEach" in step && (RESERVED_NAMES.has(step.as) || TYPE_NAMES.has(step.as)))
        yield { path: [...at, "as"], message: reserved(step.as) };
    }
  },
};

function reserved(name: string): string {
  return `"${name}" is a word of the expression language; choose another name`;
}
