import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";

/** Elections take seconds; after half a minute there will be none. */
const LOOKS = 60;
const PAUSE_MS = 500;

/** Waits half a minute for somebody to lead; undefined when nobody does by then. An ended signal is thrown. */
export async function waitForLeader(context: ActionContext): Promise<VaultNode | undefined> {
  for (let look = 1; look <= LOOKS; look++) {
    try {
      return await context.cluster.activeNode(nodeRead(context));
    } catch (error) {
      if (context.signal.aborted || !(error instanceof FailureError) || error.reason !== "no-leader") throw error;
    }
    await pause(context.signal);
  }
  return undefined;
}

/** A signal that ends by itself is the one way to wait that needs no timer of this ring's own. */
async function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  AbortSignal.any([signal, AbortSignal.timeout(PAUSE_MS)]).addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
