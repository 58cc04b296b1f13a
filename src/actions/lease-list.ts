import { z } from "zod";
import { FailureError } from "../lib/failure.ts";

/** How much of a list is read: some fifty thousand leases. */
export const LEASE_LIST_BYTES = 5 * 1024 * 1024;

/** What lies one level below a prefix. */
export type LeaseList = {
  /** Names of leases, and names of prefixes with a slash at their end, as they came. */
  readonly names: readonly string[];
  /** The answer was longer than what was read, so that the names are only some of them. */
  readonly more: boolean;
};

const Answer = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const KEY = /"(?:[^"\\]|\\.)*"(?=\s*[,\]])/gu;

/**
 * Reads the answer of a list of leases up to 5 MB, which is parsed as a whole when it is whole. Throws reason `invalid-answer` for what is no
 * list. Leaving the answer early ends the call, and Vault's own work on it with the connection.
 */
export async function readLeaseList(body: AsyncIterable<Uint8Array>, where: string): Promise<LeaseList> {
  const { text, more } = await readAtMost(body);
  if (more) return { names: namesIn(text, where), more };
  const parsed = Answer.safeParse(parseJson(text));
  if (!parsed.success) throw notAList(where);
  return { names: parsed.data.data.keys, more };
}

async function readAtMost(body: AsyncIterable<Uint8Array>): Promise<{ readonly text: string; readonly more: boolean }> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    pieces.push(decoder.decode(piece, { stream: true }));
    if (bytes > LEASE_LIST_BYTES) return { text: pieces.join(""), more: true };
  }
  return { text: pieces.join(""), more: false };
}

/** A cut-off answer is no JSON, but up to the cut its list is one string after the other. */
function namesIn(text: string, where: string): readonly string[] {
  const begin = /"keys"\s*:\s*\[/u.exec(text);
  if (begin === null) throw notAList(where);
  return (text.slice(begin.index + begin[0].length).match(KEY) ?? []).flatMap((key) => {
    const name = parseJson(key);
    return typeof name === "string" ? [name] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notAList(where: string): FailureError {
  return new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message: `cannot read the leases of ${where}: the answer is no list; check that no proxy answers for Vault`,
  });
}
