import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import type { Request, Response } from "express";
import { CONTENT_TYPES, PAGE_END, type PageFormat } from "./expose.ts";

/** A piece of a page: text that is made when its turn comes or is being made already, or bytes that come one after the other. */
export type PagePart = (() => string) | Promise<string> | AsyncIterable<string | Uint8Array>;

/** A page of metrics, in the order of its parts. */
export type Exposition = { readonly format: PageFormat; readonly parts: readonly PagePart[] };

/**
 * Sends a page of metrics, compressed when the client takes that, no faster than the client reads. HEAD gets the headers alone. A part that
 * throws ends the connection, because a page that looks whole and is not would be believed; the error is thrown on. A client that left is none.
 */
export async function sendExposition(
  request: Request,
  response: Response,
  { format, parts }: Exposition,
): Promise<void> {
  response.set("Content-Type", CONTENT_TYPES[format]).vary("Accept").vary("Accept-Encoding");
  const gzip = request.acceptsEncodings(["gzip", "identity"]) === "gzip";
  if (gzip) response.set("Content-Encoding", "gzip");
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const page = Readable.from(inOrder([...parts, () => PAGE_END[format]]));
  try {
    // Speed before size: metrics shrink to a tenth all the same.
    if (gzip) await pipeline(page, createGzip({ level: constants.Z_BEST_SPEED }), response);
    else await pipeline(page, response);
  } catch (error) {
    if (codeOf(error) !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

async function* inOrder(parts: readonly PagePart[]): AsyncGenerator<string | Uint8Array> {
  for (const part of parts) {
    if (typeof part === "function") yield part();
    else if (part instanceof Promise) yield await part;
    else yield* part;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
