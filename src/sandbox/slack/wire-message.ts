import { wireFile } from "./wire-file.ts";
import { withIds } from "./with-ids.ts";
import type { StandInApp } from "./methods/method.ts";
import type { Part } from "./part.ts";
import type { StandInMessage, Workspace } from "./workspace.ts";

/** Writes a message as Slack's reads and payloads give it; metadata only where it was asked for. */
export function wireMessage(
  { files }: Pick<Workspace, "files">,
  message: StandInMessage,
  app: StandInApp,
  withMetadata: boolean,
): Part {
  const attached = files.filter(({ id }) => message.files?.includes(id));
  return {
    type: "message",
    ...(message.userId === undefined
      ? { user: app.userId, bot_id: app.botId, app_id: app.appId }
      : { user: message.userId }),
    team: app.teamId,
    ts: message.ts,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs, parent_user_id: app.userId }),
    ...(message.broadcast ? { subtype: "thread_broadcast" } : {}),
    text: message.text,
    blocks: withIds(message.blocks),
    ...(attached.length === 0 ? {} : { files: attached.map((file) => wireFile(file, app)) }),
    ...(message.edits === 0 ? {} : { edited: { user: message.userId ?? app.userId, ts: message.ts } }),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}
