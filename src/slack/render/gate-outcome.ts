import type { GateRecord } from "../../engine/run.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { context, type Block } from "./content.ts";
import { line, time } from "./mrkdwn.ts";
import type { AnyRun } from "./run-words.ts";

const LONGEST = 900;

/** Gives the sign and the word of what became of a gate. */
export function outcomeHead({ outcome }: GateRecord): string {
  switch (outcome) {
    case "agreed":
      return ":unlock: *Approved*";
    case "broken":
      return ":rotating_light: *BREAK-GLASS*";
    case "rejected":
      return ":no_entry: *Rejected*";
    case "expired":
      return ":hourglass_flowing_sand: *Expired*";
    case "voided":
      return ":warning: *Void*";
    case "open":
      return ":octagonal_sign: *Closed*";
    default:
      return exhaustive(outcome);
  }
}

/** Draws who closed a gate, when and why. */
export function outcomeBlocks(run: AnyRun, record: GateRecord): readonly Block[] {
  const text = whyClosed(run, record);
  const at = record.closedAt ?? (run.status === "finished" ? run.finishedAt : undefined);
  return text === undefined && at === undefined ? [] : [context(text, at === undefined ? undefined : time(at))];
}

/** Says in a sentence (mrkdwn) that a gate is closed, who closed it, when and why. */
export function gateClosed(run: AnyRun, record: GateRecord): string {
  const at = record.closedAt === undefined ? "" : ` ${time(record.closedAt)}`;
  const why = whyClosed(run, record);
  return `This gate is closed: ${outcomeHead(record)}${at}${why === undefined ? "" : `: ${why}`}. Nothing was done with your click.`;
}

function whyClosed(run: AnyRun, { text }: GateRecord): string | undefined {
  if (text !== undefined) return line(text, LONGEST);
  if (run.status === "finished") return `the run ended: ${line(run.text, LONGEST)}`;
  return run.cancelling === undefined ? undefined : `${line(run.cancelling.by.name, 80)} aborts the run`;
}
