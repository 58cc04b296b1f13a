import { suggestion } from "../../lib/nearest.ts";
import type { Rule } from "../rule.ts";
import type { Runbook } from "../schema.ts";
import { strayReferences, type StrayReference } from "../stray-references.ts";

/** Refuses reads of results that cannot be there yet. */
export const useBeforeExists: Rule = {
  name: "use-before-exists",
  summary: "An expression reads the result of a step that comes later, does not exist or gives nothing.",
  *check({ runbook, compilations }) {
    for (const [index, { places }] of compilations.entries())
      for (const place of places)
        for (const stray of strayReferences(runbook, index, place))
          yield { path: place.path, offset: place.offset + stray.offset, message: wordStray(stray, runbook, index) };
  },
};

function wordStray({ step, why }: StrayReference, { steps }: Runbook, index: number): string {
  if (why === "later") return `steps.${step} is read before it exists: step "${step}" does not come earlier`;
  if (why === "no-result") return `steps.${step} never has a value: step "${step}" calls nothing`;
  const earlier = steps
    .slice(0, index)
    .filter(({ id }) => id !== step)
    .map(({ id }) => id);
  return `there is no step "${step}"${suggestion(step, earlier)}`;
}
