import type { webApi } from "@slack/bolt";
import { FailureError } from "../../lib/failure.ts";
import type { Outgoing, Upload } from "../outgoing.ts";
import { clean } from "../render/clean.ts";
import type { Counted } from "./counting.ts";

const UPLOAD_TIMEOUT_MS = 10_000;

/** Makes the three calls behind a file. */
export function fileCalls(client: webApi.WebClient, counted: Counted): Pick<Outgoing, "upload"> {
  return {
    upload: async (file, share) => {
      const asked = {
        filename: clean(file.name),
        length: file.bytes.byteLength,
        ...(file.snippetType === undefined ? {} : { snippet_type: file.snippetType }),
      };
      const ticket = await counted(
        "files.getUploadURLExternal",
        async () => await client.files.getUploadURLExternal(asked),
      );
      const id = ticket.file_id ?? "";
      await counted("files.upload", async () => await send(ticket.upload_url ?? "", file));
      const place =
        share === undefined
          ? {}
          : {
              channel_id: share.place.channel,
              initial_comment: clean(share.comment),
              ...(share.place.threadTs === undefined ? {} : { thread_ts: share.place.threadTs }),
            };
      const done = { files: [{ id, title: clean(file.title) }] as [{ id: string; title: string }], ...place };
      await counted(
        "files.completeUploadExternal",
        async () =>
          await client.files.completeUploadExternal(done as Parameters<typeof client.files.completeUploadExternal>[0]),
      );
      return { id };
    },
  };
}

/** The address is a ticket by itself: no token goes with it. */
async function send(address: string, { name, bytes }: Upload): Promise<void> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
    redirect: "error",
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  });
  if (answer.ok) return;
  const message = `cannot upload ${clean(name)} to Slack: HTTP ${answer.status}; the message goes without it`;
  throw new FailureError({ reason: "server-error", message, retryable: true });
}
