import { describe, expect, it } from "@jest/globals";
import type { SlackStandInOptions } from "../../../../src/sandbox/slack/stand-in.ts";
import { call, MODAL, openStandIn, TOKENS } from "../open-stand-in.ts";

const CHANNELS = [
  { id: "C2", name: "not-joined", member: false },
  { id: "C3", name: "secret", member: false, private: true },
  { id: "C4", name: "old", archived: true },
  { id: "C5", name: "few", members: ["U2"] },
];
const USERS = [
  { id: "U1", name: "alice" },
  { id: "U2", name: "bob" },
  { id: "U3", name: "gone", account: "deactivated" as const },
];
const section = (length: number) => ({ type: "section", text: { type: "mrkdwn", text: "x".repeat(length) } });
const metadata = (length: number) => ({ event_type: "t", event_payload: { key: "x".repeat(length) } });
const post = (args: Readonly<Record<string, unknown>>) => ({
  method: "chat.postMessage",
  args: { channel: "C1", text: "x", ...args },
});
const update = (args: Readonly<Record<string, unknown>>) => ({
  method: "chat.update",
  args: { channel: "C1", ts: "ROOT", text: "x", ...args },
});

describe("what slack refuses", () => {
  it.each([
    { name: "a message to nowhere", ...post({ channel: "C9" }), error: "channel_not_found" },
    { name: "a message where the app is not", ...post({ channel: "C2" }), error: "not_in_channel" },
    {
      name: "a message to a private channel where the app is not",
      ...post({ channel: "C3" }),
      error: "channel_not_found",
    },
    { name: "a message to an archived channel", ...post({ channel: "C4" }), error: "is_archived" },
    { name: "a message to somebody deactivated", ...post({ channel: "U3" }), error: "channel_not_found" },
    { name: "a message without words", ...post({ text: "", blocks: [] }), error: "no_text" },
    { name: "blocks that are no list", ...post({ blocks: { type: "divider" } }), error: "invalid_blocks_format" },
    {
      name: "a reply into another channel",
      ...post({ channel: "C5", thread_ts: "ROOT" }),
      error: "cannot_reply_to_message",
    },
    { name: "metadata without a type", ...post({ metadata: { event_payload: {} } }), error: "invalid_metadata_format" },
    { name: "metadata that is too large", ...post({ metadata: metadata(4000) }), error: "metadata_too_large" },
    {
      name: "11,341 characters in sum",
      ...post({ blocks: [...Array.from({ length: 3 }, () => section(3000)), section(2341)] }),
      error: "msg_blocks_too_long",
    },
    {
      name: "more than 15,561 bytes of blocks",
      ...post({
        blocks: Array.from({ length: 4 }, () => ({
          type: "section",
          text: { type: "mrkdwn", text: "漢".repeat(1300) },
        })),
      }),
      error: "msg_blocks_too_long",
    },
    {
      name: "101 attachments",
      ...post({ attachments: Array.from({ length: 101 }, () => ({})) }),
      error: "too_many_attachments",
    },
    { name: "an edit of more than 4,000 bytes", ...update({ text: "漢".repeat(1334) }), error: "msg_too_long" },
    { name: "an edit of what a person wrote", ...update({ ts: "PERSON" }), error: "cant_update_message" },
    { name: "an edit in another channel", ...update({ channel: "C5" }), error: "message_not_found" },
    { name: "an edit of an ephemeral message", ...update({ ts: "EPHEMERAL" }), error: "message_not_found" },
    {
      name: "rich text that becomes something else",
      ...update({ ts: "RICH", blocks: [section(1)] }),
      error: "block_mismatch",
    },
    {
      name: "the deletion of what a person wrote",
      method: "chat.delete",
      args: { channel: "C1", ts: "PERSON" },
      error: "cant_delete_message",
    },
    {
      name: "the deletion of nothing",
      method: "chat.delete",
      args: { channel: "C1", ts: "9.9" },
      error: "message_not_found",
    },
    {
      name: "a whisper to somebody who is not there",
      method: "chat.postEphemeral",
      args: { channel: "C5", user: "U1", text: "x" },
      error: "user_not_in_channel",
    },
    {
      name: "a whisper where the app is not",
      method: "chat.postEphemeral",
      args: { channel: "C2", user: "U1", text: "x" },
      error: "not_in_channel",
    },
    {
      name: "a look into a channel where the app is not",
      method: "conversations.history",
      args: { channel: "C2" },
      error: "not_in_channel",
    },
    {
      name: "a look into no thread",
      method: "conversations.replies",
      args: { channel: "C1", ts: "9.9" },
      error: "thread_not_found",
    },
    {
      name: "members of nowhere",
      method: "conversations.members",
      args: { channel: "C9" },
      error: "channel_not_found",
    },
    {
      name: "direct messages with nobody",
      method: "conversations.open",
      args: { users: "U9" },
      error: "user_not_found",
    },
    {
      name: "a Home for nobody",
      method: "views.publish",
      args: { user_id: "U9", view: { type: "home", blocks: [section(1)] } },
      error: "user_not_found",
    },
    {
      name: "a modal as Home",
      method: "views.publish",
      args: { user_id: "U1", view: MODAL },
      error: "invalid_arguments",
    },
    {
      name: "a Home as modal",
      method: "views.open",
      args: { trigger_id: "x", view: { type: "home", blocks: [section(1)] } },
      error: "invalid_arguments",
    },
    {
      name: "a view of more than 250 kB",
      method: "views.open",
      args: { trigger_id: "x", view: { ...MODAL, blocks: Array.from({ length: 85 }, () => section(3000)) } },
      error: "view_too_large",
    },
    { name: "an update of no view", method: "views.update", args: { view_id: "V9", view: MODAL }, error: "not_found" },
    {
      name: "a file without a name",
      method: "files.getUploadURLExternal",
      args: { length: "1" },
      error: "missing_argument",
    },
    {
      name: "a snippet of more than 1 MB",
      method: "files.getUploadURLExternal",
      args: { filename: "a.txt", length: "1048577", snippet_type: "text" },
      error: "snippet_too_large",
    },
    {
      name: "a file that nobody announced",
      method: "files.completeUploadExternal",
      args: { files: [{ id: "F9" }] },
      error: "file_not_found",
    },
    { name: "no files", method: "files.completeUploadExternal", args: { files: [] }, error: "invalid_arguments" },
    {
      name: "a picture that nobody uploaded",
      ...post({ blocks: [{ type: "image", slack_file: { id: "F0NOTHERE9" }, alt_text: "x" }] }),
      error: "invalid_blocks",
    },
  ])("is $name", async ({ method, args, error }) => {
    await using slack = await openStandIn({ users: USERS, channels: CHANNELS });
    const root = await call(slack, "chat.postMessage", { channel: "C1", text: "root" });
    const richText = {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "r" }] }],
    };
    const rich = await call(slack, "chat.postMessage", { channel: "C1", text: "rich", blocks: [richText] });
    const whisper = await call(slack, "chat.postEphemeral", { channel: "C1", user: "U1", text: "e" });
    const person = await slack.as("U1").say("mine");
    const before = slack.messages();
    const known: Readonly<Record<string, unknown>> = {
      ROOT: root["ts"],
      RICH: rich["ts"],
      EPHEMERAL: whisper["message_ts"],
      PERSON: person,
    };
    const filled = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, known[String(value)] ?? value]));
    expect(await call(slack, method, filled)).toMatchObject({ status: 200, ok: false, error });
    expect(slack.messages()).toEqual(before);
    expect(slack.calls().at(-1)).toMatchObject({ method, ok: false, error });
  });

  it("says where a block is wrong as slack does", async () => {
    await using slack = await openStandIn();
    const blocks = [{ type: "section", text: { type: "mrkdwn", text: "x", emoji: true } }];
    expect(await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks })).toMatchObject({
      error: "invalid_blocks",
      errors: ["invalid additional property: emoji [json-pointer:/blocks/0/text]"],
      response_metadata: {
        messages: ["[ERROR] invalid additional property: emoji [json-pointer:/blocks/0/text]"],
      },
    });
  });
});

describe("scopes", () => {
  const cases: readonly { method: string; needed: string; args?: Readonly<Record<string, unknown>> }[] = [
    { method: "chat.postMessage", needed: "chat:write" },
    { method: "chat.update", needed: "chat:write" },
    { method: "chat.delete", needed: "chat:write" },
    { method: "chat.postEphemeral", needed: "chat:write" },
    { method: "conversations.history", needed: "channels:history" },
    { method: "conversations.replies", needed: "channels:history" },
    { method: "conversations.history", needed: "groups:history", args: { channel: "C6" } },
    { method: "conversations.history", needed: "im:history", args: { channel: "D1" } },
    { method: "conversations.info", needed: "channels:read" },
    { method: "conversations.members", needed: "channels:read" },
    { method: "conversations.open", needed: "im:write" },
    { method: "users.conversations", needed: "channels:read" },
    { method: "users.info", needed: "users:read" },
    { method: "usergroups.list", needed: "usergroups:read" },
    { method: "usergroups.users.list", needed: "usergroups:read" },
    { method: "files.getUploadURLExternal", needed: "files:write" },
    { method: "files.completeUploadExternal", needed: "files:write" },
    { method: "files.info", needed: "files:read" },
  ];

  it.each(cases)("$method needs $needed", async ({ method, needed, args = {} }) => {
    const channels: SlackStandInOptions["channels"] = [
      { id: "C6", name: "private", private: true },
      { id: "D1", name: "alice", im: "U1" },
    ];
    await using slack = await openStandIn({ channels, scopes: ["commands"] });
    expect(await call(slack, method, { channel: "C1", ...args })).toMatchObject({
      ok: false,
      error: "missing_scope",
      needed,
      provided: "commands",
    });
    await using granted = await openStandIn({ channels, scopes: ["commands", needed] });
    expect(await call(granted, method, { channel: "C1", ...args })).not.toMatchObject({ error: "missing_scope" });
  });

  it.each(["auth.test", "chat.getPermalink", "views.open", "views.update", "views.push", "views.publish"])(
    "%s needs none",
    async (method) => {
      await using slack = await openStandIn({ scopes: [] });
      expect(await call(slack, method)).not.toMatchObject({ error: "missing_scope" });
    },
  );

  it("are told with every answer", async () => {
    await using slack = await openStandIn({ scopes: ["commands", "chat:write"] });
    const answer = await fetch(`${slack.apiUrl}auth.test`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKENS.botToken}` },
    });
    expect(answer.headers.get("x-oauth-scopes")).toBe("commands,chat:write");
  });

  it("let the app write where it is not, with chat:write.public", async () => {
    const channels = [{ id: "C2", name: "open", member: false }];
    await using slack = await openStandIn({ channels, scopes: ["chat:write", "chat:write.public"] });
    expect(await call(slack, "chat.postMessage", { channel: "C2", text: "x" })).toMatchObject({ ok: true });
  });

  it("say which words of people the app hears", async () => {
    await using slack = await openStandIn({ scopes: ["chat:write"], ackMs: 50 });
    await slack.as("U1").say("nobody hears this");
    expect(slack.undelivered()).toBe(0);
  });
});

describe("a person's token", () => {
  it("deletes what others wrote, and does nothing else", async () => {
    await using slack = await openStandIn({ userToken: TOKENS.userToken });
    const ts = await slack.as("U1").say("hvs.made-up");
    const args = { channel: "C1", ts };
    expect(await call(slack, "chat.postMessage", { channel: "C1", text: "x" }, TOKENS.userToken)).toMatchObject({
      error: "invalid_auth",
    });
    expect(await call(slack, "auth.test", {}, TOKENS.userToken)).toMatchObject({ ok: true, user_id: "U0OWNER" });
    expect(await call(slack, "chat.delete", args, TOKENS.userToken)).toMatchObject({ ok: true });
    expect(slack.messages()).toEqual([]);
    expect(slack.deleted()).toMatchObject([{ ts, text: "hvs.made-up", userId: "U1", deletedBy: "user token" }]);
  });

  it("is unknown where none was made", async () => {
    await using slack = await openStandIn();
    expect(await call(slack, "auth.test", {}, TOKENS.userToken)).toMatchObject({ error: "invalid_auth" });
  });
});
