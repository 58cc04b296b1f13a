import type { Runbook } from "../runbook/schema.ts";
import type { KnownInputs } from "./template-text.ts";

/** How a run of a runbook is started from Slack and from a terminal. */
export type StartCommands = { readonly slack: string; readonly terminal: string };

/** Writes both commands, with `<name>` where a value is still needed. Values come from a link, so the shell must take them as text. */
export function startCommands({ id, inputs }: Runbook, known: KnownInputs): StartCommands {
  const words = Object.keys(inputs).map(
    (name) => `${name}=${Object.hasOwn(known, name) ? quote(known[name] ?? "") : `<${name}>`}`,
  );
  const rest = [id, ...words].join(" ");
  return { slack: `/vault runbook ${rest}`, terminal: `sealwatch run ${rest}` };
}

/** Quotes for POSIX shells: nothing in single quotes means anything but itself. */
function quote(value: string): string {
  return /^[\w.:@%+/-]+$/u.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
