import { FailureError } from "../lib/failure.ts";
import type { ActionContext, Probe } from "./action.ts";

/** Looks for an effect; what could not be read leaves it unknown, in the words of the failure. An ended signal is thrown. */
export async function orUnknown(context: Pick<ActionContext, "signal">, look: () => Promise<Probe>): Promise<Probe> {
  try {
    return await look();
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return { verdict: "unknown", evidence: error.message };
  }
}
