import { suggestion } from "../../lib/nearest.ts";
import type { OwnStep } from "../own-steps.ts";
import type { Rule } from "../rule.ts";
import { strayReferences, type StrayReference } from "../stray-references.ts";

/** Refuses reads of results that cannot be there yet, or not there. */
export const useBeforeExists: Rule = {
  name: "use-before-exists",
  summary:
    "An expression reads the result of a step that comes later, is inside a loop, does not exist or gives nothing.",
  *check({ compilations }) {
    for (const own of compilations)
      for (const place of own.places)
        for (const stray of strayReferences(own, compilations, place))
          yield { path: place.path, offset: place.offset + stray.offset, message: wordStray(stray, own) };
  },
};

function wordStray({ step, why }: StrayReference, { before }: OwnStep): string {
  if (why === "later") return `steps.${step} is read before it exists: step "${step}" does not come earlier`;
  if (why === "no-result") return `steps.${step} never has a value: step "${step}" gives none`;
  if (why === "cancel") return `steps.${step} is read before it exists: step "${step}" is one of "onCancel"`;
  if (why !== "unknown")
    return `steps.${step} cannot be read here: step "${step}" is inside the loop "${why.inside}", of which only steps.${why.inside} is left`;
  return `there is no step "${step}"${suggestion(
    step,
    before.map(({ id }) => id),
  )}`;
}
