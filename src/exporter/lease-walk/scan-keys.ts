import { FailureError } from "../../lib/failure.ts";
import { createEnvelope } from "./envelope.ts";
import { BYTE, NotJson } from "./json-bytes.ts";
import { createKeyCounter, type LeaseList } from "./key-counter.ts";

/** No path in Vault is longer. */
const MAX_STRING_BYTES = 64 * 1024;

/** How many prefixes may be held, and what is read, for the error. */
export type ScanOptions = { readonly maxPrefixes: number; readonly what: string };

/**
 * Reads an answer `{"data": {"keys": ["h1a2b…", "login/"]}}` as its bytes come: leases are counted and dropped, prefixes are held, and the rest is
 * small, kept, and parsed at the end. Throws reason `invalid-answer` for anything else, and for an answer that was cut off.
 */
export async function scanKeys(body: AsyncIterable<Uint8Array>, options: ScanOptions): Promise<LeaseList> {
  const scanner = createScanner(options.maxPrefixes);
  try {
    for await (const chunk of body) scanner.push(chunk);
    return scanner.end();
  } catch (error) {
    if (error instanceof NotJson) throw invalidAnswer(options.what);
    throw error;
  }
}

function createScanner(maxPrefixes: number) {
  const counter = createKeyCounter(maxPrefixes);
  const envelope = createEnvelope(counter.open);
  /** A string that had not ended with its chunk. */
  let begun: Buffer = Buffer.alloc(0);

  const step = (bytes: Buffer, at: number): number => {
    if (!counter.isOpen()) return envelope.step(bytes, at);
    const next = counter.step(bytes, at);
    if (!counter.isOpen()) envelope.closeKeys();
    return next;
  };
  /** Gives what is left: nothing, or a string that has not ended. */
  const read = (bytes: Buffer): Buffer => {
    let at = 0;
    while (at < bytes.length) {
      const next = step(bytes, at);
      if (next === at) break;
      at = next;
    }
    return bytes.subarray(at);
  };
  return {
    push: (chunk: Uint8Array): void => {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      // Only the string that was cut is put together, up to each quote that may end it: copying every chunk would cost more than reading it.
      while (begun.length > 0 && bytes.length > 0) {
        const end = bytes.indexOf(BYTE.quote) + 1 || bytes.length;
        begun = read(Buffer.concat([begun, bytes.subarray(0, end)]));
        bytes = bytes.subarray(end);
        if (begun.length > MAX_STRING_BYTES) throw new NotJson();
      }
      if (begun.length === 0) begun = read(bytes);
    },
    end: (): LeaseList => {
      if (begun.length > 0 || counter.isOpen()) throw new NotJson();
      envelope.end();
      return counter.list();
    },
  };
}

function invalidAnswer(what: string): FailureError {
  return new FailureError({
    reason: "invalid-answer",
    retryable: true,
    message: `cannot read ${what}: its body is not the list that Vault sends; check that Vault answers and not a proxy`,
  });
}
