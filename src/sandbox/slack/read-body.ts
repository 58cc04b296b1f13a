import type { IncomingMessage } from "node:http";

/** Reads a request's body as text, at most 4 MiB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 4 * 1024 * 1024) throw new Error("cannot read a request: its body is larger than 4 MiB; send less");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
