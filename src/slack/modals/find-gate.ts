import type { Gate, OpenRun } from "../../engine/run.ts";
import type { Bot } from "../bot.ts";
import { readValue } from "../ids.ts";
import { gateClosed } from "../render/gate-outcome.ts";

/** An open gate with its run. */
export type FoundGate = { readonly run: OpenRun; readonly gate: Gate };

/** Finds the open gate that a button's value names, or gives a sentence (mrkdwn) that says why there is nothing to decide; that is counted. */
export async function findGate(bot: Pick<Bot, "runs" | "observer">, value: string): Promise<FoundGate | string> {
  const { runId, what } = readValue(value);
  const run = (await bot.runs.get(runId))?.run;
  const record = run?.gates.find(({ gate }) => gate.id === what);
  if (run?.status === "open" && record?.outcome === "open" && run.cancelling === undefined)
    return { run, gate: record.gate };
  bot.observer.refused(record === undefined ? "unknown_action" : "stale");
  if (run === undefined) return "This run is not known any more.";
  if (record === undefined)
    return "This gate is not known; the newest message of the thread says where the run stands.";
  return gateClosed(run, record);
}
