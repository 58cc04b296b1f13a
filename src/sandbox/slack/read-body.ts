import type { IncomingMessage } from "node:http";

const MAX_BYTES = 32 * 1024 * 1024;

/** Reads a request's body, at most 32 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("cannot read a request: its body is larger than 32 MiB; send less");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
