import { shellWord } from "../lib/shell-word.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { KnownInputs } from "./template-text.ts";

/** How a run of a runbook is started from Slack and from a terminal. */
export type StartCommands = { readonly slack: string; readonly terminal: string };

/** Writes both commands, with `<name>` where a value is still needed. Values come from a link, so the shell must take them as text. */
export function startCommands({ id, inputs }: Runbook, known: KnownInputs): StartCommands {
  const words = Object.keys(inputs).map(
    (name) => `${name}=${Object.hasOwn(known, name) ? shellWord(known[name] ?? "") : `<${name}>`}`,
  );
  const rest = [id, ...words].join(" ");
  return { slack: `/vault runbook ${rest}`, terminal: `sealwatch run ${rest}` };
}
