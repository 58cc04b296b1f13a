import { viewGate } from "../../engine/view.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { Given } from "../answers.ts";
import type { Cli } from "../options.ts";
import { askApproval } from "./ask-approval.ts";
import { gateLines } from "./render-run.ts";

/**
 * Shows what a yes will be bound to and gives the phrase for it: the one of the command line, or what somebody types. Gives false when they
 * did not agree, and undefined when nobody was asked.
 */
export async function showGate(
  { io, signal }: Pick<Cli, "io" | "signal">,
  run: LoadedRun["run"],
  { phrase, breakGlass }: Given,
): Promise<string | undefined | false> {
  if (run.status !== "open" || run.phase.name !== "gate") return phrase;
  if (phrase === undefined && io.interactive) return (await askApproval(io, run, { signal, breakGlass })) ?? false;
  for (const line of gateLines(viewGate(run.phase.gate))) io.err(line);
  return phrase;
}
