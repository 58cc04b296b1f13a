import type { CallOptions } from "../vault/transport.ts";
import type { ActionContext } from "./action.ts";

/**
 * How long one read of one node may take, in milliseconds. A node that accepts and never answers is the very one that people ask about:
 * the reads that wait for it must end well within the time of a step (10 s), two rounds of them included.
 */
export const NODE_READ_MS = 2000;

/** Gives the options for one read of one node. */
export function nodeRead({ signal }: Pick<ActionContext, "signal">): CallOptions {
  return { signal, timeoutMs: NODE_READ_MS };
}
