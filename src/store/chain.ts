import { createHash } from "node:crypto";

/** What stands in place of a hash before a run's first event. */
export const CHAIN_START = "0".repeat(64);

/** ChainEntry is one stored event as the chain sees it: its canonical JSON, byte for byte, and its hash. */
export type ChainEntry = { readonly sequence: number; readonly text: string; readonly hash: string };

/** ChainHead is what a run's own row says of its chain: how many events, and the hash of the last. */
export type ChainHead = { readonly version: number; readonly head: string };

/**
 * Hashes one event onto the chain: SHA-256 in hex of the hash before it, the event's canonical JSON, the run's id and the event's sequence,
 * each on a line of its own (canonical JSON and ids hold no line breaks, so no two inputs look alike).
 */
export function chainHash(previous: string, runId: string, entry: Omit<ChainEntry, "hash">): string {
  return createHash("sha256").update(`${previous}\n${entry.text}\n${runId}\n${entry.sequence}`).digest("hex");
}

/** Hashes texts onto a chain, one after the other, as the next entries of a run. */
export function extendChain(runId: string, from: ChainHead, texts: readonly string[]): ChainEntry[] {
  let { head } = from;
  return texts.map((text, index) => {
    const sequence = from.version + index + 1;
    head = chainHash(head, runId, { sequence, text });
    return { sequence, text, hash: head };
  });
}

/**
 * Finds the sequence of the first event that does not fit the chain, or undefined when all fit. An edit, a deletion and a reordering break it where
 * they are; a deletion at the end is seen by the run's own row. Who rewrites the events, every later hash and that row leaves a chain that fits, and who
 * deletes a run with its row leaves nothing: against both stands the head, which is shown where the writer of the file has no hand (thread, page, export).
 */
export function firstBreak(runId: string, entries: readonly ChainEntry[], head: ChainHead): number | undefined {
  let previous = CHAIN_START;
  for (const [index, entry] of entries.entries()) {
    // The hash covers the sequence too: an event in the wrong place does not fit.
    if (entry.hash !== chainHash(previous, runId, entry)) return index + 1;
    previous = entry.hash;
  }
  if (entries.length < head.version) return entries.length + 1;
  if (entries.length > head.version) return head.version + 1;
  return previous === head.head ? undefined : Math.max(1, entries.length);
}
