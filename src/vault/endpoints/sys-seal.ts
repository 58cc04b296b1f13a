import { setTimeout as delay } from "node:timers/promises";
import { FailureError } from "../../lib/failure.ts";
import type { CallOptions, VaultTransport } from "../transport.ts";

/** A seal takes a second on a busy node, which writes out what it holds first. */
const SEAL_MS = 20_000;
const ATTEMPTS = 15;
const PAUSE_MS = 200;

/**
 * Sends `PUT sys/seal` (token, `update` and `sudo`) to this very node: nobody forwards it. Vault takes it on the active node only, OpenBao
 * ≥ 2.5 on standbys too; a sealed node answers 204.
 *
 * OpenBao answers 500 and does nothing while a standby has not heard of a token that was made a moment ago ("invalid request", about
 * 100 ms), and while a node is losing its leadership ("internal error", about a second). To seal twice is to seal once, so it is asked
 * again, for 3 s at most.
 */
export async function sealNode(transport: VaultTransport, options: CallOptions = {}): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await transport.request({
        timeoutMs: SEAL_MS,
        ...options,
        method: "PUT",
        path: "sys/seal",
        token: "operate",
      });
      return;
    } catch (error) {
      const passing = error instanceof FailureError && error.reason === "server-error";
      if (!passing || attempt === ATTEMPTS) throw error;
    }
    await delay(PAUSE_MS, undefined, options.signal === undefined ? {} : { signal: options.signal }).catch(() => {});
  }
}
