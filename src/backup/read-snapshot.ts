import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { inspectSnapshot, type SnapshotFacts } from "./inspect-snapshot.ts";
import { NotWhole } from "./not-whole.ts";

/** A snapshot file that was read to its end. */
export type ReadSnapshot = SnapshotFacts & { readonly bytes: number; readonly sha256: string };

/** What is done with each piece of the file before it is unpacked. */
type Options = { readonly signal: AbortSignal; readonly keep?: (piece: Uint8Array) => Promise<void> };

/**
 * Reads a snapshot file (gzip around tar) as it comes, and holds no more than a piece of it. Throws `NotWhole` when it is not whole, what the
 * source or `keep` throws, and `AbortError` when the signal ended.
 */
export async function readSnapshot(file: AsyncIterable<Uint8Array>, { signal, keep }: Options): Promise<ReadSnapshot> {
  const sum = createHash("sha256");
  const gunzip = createGunzip();
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of file) {
      bytes += piece.length;
      sum.update(piece);
      await keep?.(piece);
      yield piece;
    }
  };
  try {
    const inspect = async (unpacked: AsyncIterable<Uint8Array>) => await inspectSnapshot(unpacked);
    const facts = await pipeline(counted, gunzip, inspect, { signal });
    // zlib takes no notice of what follows the end.
    if (gunzip.bytesWritten !== bytes) throw new NotWhole("something is behind the end of its gzip");
    return { ...facts, bytes, sha256: sum.digest("hex") };
  } catch (error) {
    throw isOfZlib(error) ? new NotWhole("its gzip is cut off or broken") : error;
  }
}

function isOfZlib(error: unknown): boolean {
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === "string" && code.startsWith("Z_");
}
