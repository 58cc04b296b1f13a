import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import { pause } from "./pause.ts";

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
    await pause(context, PAUSE_MS);
  }
  return undefined;
}
