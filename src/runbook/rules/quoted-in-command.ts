import type { Rule } from "../rule.ts";

/** Refuses `${…}` between quotes in a command: values quote themselves, and quotes around quotes let foreign text out. */
export const quotedInCommand: Rule = {
  name: "quoted-in-command",
  summary:
    "A command has quotes around `${…}`: values are quoted when they need it, and quotes around quotes undo that.",
  *check({ compilations }) {
    for (const { compiled, at } of compilations) {
      if (compiled.kind !== "manual") continue;
      for (const [index, { parts }] of compiled.commands.entries())
        if (hasQuotedValue(parts))
          yield {
            path: [...at, "commands", index],
            message: "take the quotes around ${…} away; a value is quoted when it needs it",
          };
    }
  },
};

function hasQuotedValue(parts: readonly unknown[]): boolean {
  let open: string | undefined;
  for (const part of parts) {
    if (typeof part !== "string") {
      if (open !== undefined) return true;
      continue;
    }
    for (const character of part)
      if (open === undefined) open = /["'`]/u.test(character) ? character : undefined;
      else if (character === open) open = undefined;
  }
  return false;
}
