import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "./read-body.ts";
import type { Workspace } from "./workspace.ts";

/** Takes the bytes of an announced file at `POST /upload/<id>`: raw, or as the only file of a form, as the SDK sends them. */
export async function takeUpload(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = (request.url ?? "").replace("/upload/", "");
  const bytes = await bytesOf(await readBody(request), request.headers["content-type"] ?? "");
  const upload = workspace.uploads.get(id);
  if (upload === undefined) return answer(response, 404, "file_not_found");
  if (bytes.length !== upload.length)
    return answer(response, 400, `expected ${upload.length} bytes, got ${bytes.length}`);
  workspace.uploads.set(id, { ...upload, bytes });
  answer(response, 200, `OK - ${bytes.length}`);
}

async function bytesOf(body: Buffer, contentType: string): Promise<Uint8Array> {
  if (!contentType.startsWith("multipart/form-data")) return body;
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  const [first] = [...form.values()].filter((value) => typeof value !== "string");
  return new Uint8Array((await first?.arrayBuffer()) ?? new ArrayBuffer(0));
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}
