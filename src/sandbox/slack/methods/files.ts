import { LIMITS } from "../limits.ts";
import { checkBlocks } from "../check-blocks.ts";
import { listAt, textAt, type Part } from "../part.ts";
import { wireFile } from "../wire-file.ts";
import {
  replaceItem,
  type StandInChannel,
  type StandInFile,
  type StandInUpload,
  type Workspace,
} from "../workspace.ts";
import { addMessage, destination, findRoot } from "./chat-post.ts";
import { isRefused, ok, refuse, type Method, type MethodContext, type Refused } from "./method.ts";

/** Announces a file and gives the address for its bytes (`files.getUploadURLExternal`). */
export const getUploadUrl: Method = ({ workspace, base }, args) => {
  const name = textAt(args, "filename");
  const length = Number(textAt(args, "length"));
  if (name === undefined) return refuse("missing_argument", ["filename is missing"]);
  if (!Number.isInteger(length) || length < 1) return refuse("invalid_arguments", ["length must be a positive number"]);
  const snippetType = textAt(args, "snippet_type");
  if (snippetType !== undefined && length > LIMITS.file.snippetBytes) return refuse("snippet_too_large");
  const id = workspace.nextId("F0STANDIN");
  const altText = textAt(args, "alt_txt");
  workspace.uploads.set(id, { id, name, title: name, length, snippetType, altText, bytes: undefined });
  return ok({ upload_url: `${base()}/upload/${id}`, file_id: id });
};

/** Ends uploads and shares the files when a channel is given (`files.completeUploadExternal`). */
export const completeUpload: Method = (context, args) => {
  const { workspace, app } = context;
  const asked = listAt(args, "files");
  if (asked.length === 0) return refuse("invalid_arguments", ["files must have 1 item or more"]);
  const pending = asked.map((file) => workspace.uploads.get(textAt(file, "id") ?? ""));
  if (pending.some((upload) => upload?.bytes === undefined)) return refuse("file_not_found");
  const shares = destinations(context, args);
  if (isRefused(shares)) return shares;
  const problems = checkBlocks(listAt(args, "blocks"), "message", workspace);
  if (problems.length > 0) return refuse("invalid_blocks", problems);
  const done = pending.flatMap((upload, index) =>
    upload?.bytes === undefined ? [] : [keep(workspace, upload, upload.bytes, textAt(asked[index] ?? {}, "title"))],
  );
  for (const { channel, threadTs } of shares) share(workspace, args, done, { channel, threadTs });
  return ok({ files: done.map((file) => wireFile(findFile(workspace, file.id) ?? file, app)) });
};

type Share = { readonly channel: StandInChannel; readonly threadTs: string | undefined };

function destinations(context: MethodContext, args: Part): readonly Share[] | Refused {
  const ids = [textAt(args, "channel_id"), ...(textAt(args, "channels") ?? "").split(",")].filter(
    (id): id is string => id !== undefined && id !== "",
  );
  const threadTs = textAt(args, "thread_ts");
  if (threadTs !== undefined && ids.length !== 1)
    return refuse("invalid_arguments", ["thread_ts goes with exactly one channel"]);
  const shares: Share[] = [];
  for (const id of ids) {
    const channel = destination(context, id);
    if (isRefused(channel)) return channel;
    const root = findRoot(context.workspace, channel, threadTs);
    if (threadTs !== undefined && root === undefined) return refuse("invalid_thread_ts");
    shares.push({ channel, threadTs: root?.ts });
  }
  return shares;
}

function keep(workspace: Workspace, upload: StandInUpload, bytes: Uint8Array, title: string | undefined): StandInFile {
  const { id, name, snippetType, altText } = upload;
  const file = {
    id,
    name,
    title: title ?? name,
    bytes,
    channels: [],
    threadTs: undefined,
    snippetType,
    altText,
    ready: !workspace.filesHeld,
  };
  workspace.uploads.delete(id);
  workspace.files.push(file);
  return file;
}

function share(workspace: Workspace, args: Part, done: readonly StandInFile[], { channel, threadTs }: Share): void {
  for (const { id } of done) {
    const file = findFile(workspace, id);
    if (file !== undefined)
      replaceItem(workspace.files, file, { ...file, channels: [...file.channels, channel.id], threadTs });
  }
  const comment = textAt(args, "initial_comment");
  addMessage(workspace, {
    channel: channel.id,
    threadTs,
    text: comment ?? "",
    blocks: comment === undefined ? listAt(args, "blocks") : [],
    metadata: undefined,
    broadcast: false,
    files: done.map(({ id }) => id),
  });
}

function findFile({ files }: Workspace, id: string): StandInFile | undefined {
  return files.find((file) => file.id === id);
}

/** Describes a file (`files.info`); what Slack has not looked at yet has no media type. */
export const fileInfo: Method = ({ workspace, app }, args) => {
  const file = findFile(workspace, textAt(args, "file") ?? "");
  return file === undefined ? refuse("file_not_found") : ok({ file: wireFile(file, app) });
};
