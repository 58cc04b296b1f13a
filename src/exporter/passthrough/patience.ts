import type { Clock } from "../../lib/clock.ts";
import { untilAborted } from "../until-aborted.ts";

/** Patience is how long one node may keep the others waiting, in all. */
export type Patience = {
  /** Ends when the patience does, or the scrape. */
  readonly signal: AbortSignal;
  /** Waits for a part of the node's page; throws reason `timeout` when the patience is at its end. */
  readonly wait: <T>(part: Promise<T>) => Promise<T>;
};

/** Creates the patience with one node: only time in which it is waited for counts, not time in which it waits for us. */
export function createPatience(
  milliseconds: number,
  { clock, signal, what }: { readonly clock: Clock; readonly signal: AbortSignal; readonly what: string },
): Patience {
  const lost = new AbortController();
  const either = AbortSignal.any([signal, lost.signal]);
  let left = milliseconds;
  return {
    signal: either,
    wait: async (part) => {
      const startedAt = clock.now();
      const timer = setTimeout(() => lost.abort(new DOMException("out of patience", "TimeoutError")), left);
      try {
        return await untilAborted(part, either, what);
      } finally {
        clearTimeout(timer);
        left = Math.max(0, left - (clock.now() - startedAt));
      }
    },
  };
}

/** Gives a node's bytes as they come, as long as there is patience with it. */
export async function* patiently(body: AsyncIterable<Uint8Array>, patience: Patience): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (let next = await patience.wait(pieces.next()); next.done !== true; next = await patience.wait(pieces.next()))
      yield next.value;
  } finally {
    // Not waited for: it waits in its turn for the piece that did not come.
    void pieces.return?.().catch(() => undefined);
  }
}
