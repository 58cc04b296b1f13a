import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { FailureError, type FailureReason } from "../lib/failure.ts";

/** The name of the standard input among files. */
export const STDIN = "-";

/** A log as it is read: plain bytes, and what is known of the file as it was shipped. */
export type OpenLog = {
  readonly content: AsyncIterable<Buffer>;
  /** Bytes of the file that were read so far, and how many it has; 0 when nobody knows. */
  readonly progress: () => { readonly read: number; readonly of: number };
  /** What was read, after the end. */
  readonly source: () => { readonly name: string; readonly bytes: number; readonly sha256: string };
};

/** How a log is opened. */
export type OpenOptions = { readonly stdin: AsyncIterable<Buffer>; readonly signal: AbortSignal };

const PIECE_BYTES = 1024 * 1024;
const GZIP = [0x1f, 0x8b];

/** Opens a file, or the standard input for `-`; gzip is known by how it begins. Throws reason `not-found` or `denied`. */
export async function openLog(file: string, { stdin, signal }: OpenOptions): Promise<OpenLog> {
  const of = file === STDIN ? 0 : await sizeOf(file);
  const raw = file === STDIN ? stdin : createReadStream(file, { highWaterMark: PIECE_BYTES, signal });
  const hash = createHash("sha256");
  let read = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of raw as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      read += piece.length;
      hash.update(piece);
      yield piece;
    }
  };
  return {
    content: readable(counted(), file),
    progress: () => ({ read, of }),
    source: () => ({ name: file, bytes: read, sha256: `sha256:${hash.copy().digest("hex")}` }),
  };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw failureOf(file, error);
  }
}

async function* readable(pieces: AsyncGenerator<Buffer>, file: string): AsyncGenerator<Buffer> {
  try {
    const first = await firstOf(pieces);
    if (first === undefined) return;
    const all = joined(first, pieces);
    yield* first[0] === GZIP[0] && first[1] === GZIP[1] ? unpacked(all) : all;
  } catch (error) {
    throw failureOf(file, error);
  }
}

/** At least two bytes, by which gzip is known. */
async function firstOf(pieces: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
  let held: Buffer | undefined;
  while (held === undefined || held.length < GZIP.length) {
    const { value, done } = await pieces.next();
    if (done === true) break;
    held = held === undefined ? value : Buffer.concat([held, value]);
  }
  return held;
}

async function* joined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* unpacked(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const fed = (async () => {
    for await (const piece of pieces) {
      if (!gunzip.write(piece)) await drained(gunzip);
      if (gunzip.destroyed) return;
    }
    gunzip.end();
  })();
  // Whatever breaks the source must reach the reader, who waits at the other end.
  fed.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error("unknown")));
  try {
    yield* gunzip as AsyncIterable<Buffer>;
    await fed;
  } finally {
    gunzip.destroy();
  }
}

async function drained(gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  gunzip.once("drain", resolve);
  gunzip.once("close", resolve);
  await promise;
  gunzip.off("drain", resolve);
  gunzip.off("close", resolve);
}

const REASONS: Readonly<Record<string, FailureReason>> = {
  ENOENT: "not-found",
  ENOTDIR: "not-found",
  EISDIR: "refused",
  EACCES: "denied",
  EPERM: "denied",
  ABORT_ERR: "aborted",
  Z_BUF_ERROR: "invalid-answer",
  Z_DATA_ERROR: "invalid-answer",
};

function failureOf(file: string, error: unknown): Error {
  if (error instanceof FailureError) return error;
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  const known = name === "AbortError" ? "ABORT_ERR" : typeof code === "string" ? code : "unknown";
  const reason = REASONS[known] ?? "unreachable";
  const why =
    known === "Z_BUF_ERROR"
      ? "its gzip ends in the middle; ship the whole file, or unpack what is there"
      : known === "Z_DATA_ERROR"
        ? "its gzip is damaged; ship it again"
        : `${known}; check that the file is there and may be read`;
  return new FailureError(
    { reason, retryable: false, message: `cannot read the audit log ${file}: ${why}` },
    { cause: error },
  );
}
