import { FailureError, type FailureReason } from "../lib/failure.ts";
import type { ActionContext } from "./action.ts";

/** Gives what was read, or undefined where a failure (with `reasons`, only one of these) is a fact and no end. An ended signal is thrown. */
export async function unlessFailed<T>(
  { signal }: Pick<ActionContext, "signal">,
  read: () => Promise<T>,
  reasons?: readonly FailureReason[],
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (signal.aborted || !(error instanceof FailureError)) throw error;
    if (reasons !== undefined && !reasons.includes(error.reason)) throw error;
    return undefined;
  }
}
