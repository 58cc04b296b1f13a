import type { Rule } from "../rule.ts";

const TAKEN: readonly string[] = ["inputs", "steps", "result"];

/** Refuses the name of an item that would hide something else. */
export const loopName: Rule = {
  name: "loop-name",
  summary: "The item of a loop hides `inputs`, `steps`, `result` or the item of a loop around it.",
  *check({ compilations }) {
    for (const { step, at, loops } of compilations) {
      if (!("forEach" in step)) continue;
      const outer = loops.find((loop) => loop.as === step.as);
      if (TAKEN.includes(step.as))
        yield { path: [...at, "as"], message: `"${step.as}" is what expressions read already; choose another name` };
      else if (outer !== undefined)
        yield {
          path: [...at, "as"],
          message: `"${step.as}" is the item of the loop "${outer.id}" around this; choose another name with "as"`,
        };
    }
  },
};
