import type { HttpRequest } from "./http-types.ts";

/** Reads a body as UTF-8, byte for byte as it was signed; undefined when it is longer than `most` bytes. Throws when the request breaks off. */
export async function readBody(request: HttpRequest, most: number): Promise<string | undefined> {
  const { "content-length": declared } = request.headers;
  if (Number(declared ?? 0) > most) return undefined;
  // Bytes that are no UTF-8 become others here, and then the signature is wrong.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.byteLength;
    if (bytes > most) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
