import { describe, expect, it } from "@jest/globals";
import { webApi } from "@slack/bolt";
import type { SlackStandIn } from "../../../../src/sandbox/slack/stand-in.ts";
import { call, openStandIn, TOKENS, type Answer } from "../open-stand-in.ts";

const BYTES = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00, 0xff]);

async function announce(slack: SlackStandIn, args: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  return await call(slack, "files.getUploadURLExternal", { filename: "chart.png", length: BYTES.length, ...args });
}

async function upload(slack: SlackStandIn, body: Buffer = BYTES): Promise<string> {
  const { upload_url: url, file_id: id } = await announce(slack);
  await fetch(String(url), { method: "POST", body });
  return String(id);
}

const image = (id: string): Answer => ({ type: "image", slack_file: { id }, alt_text: "leases, rising" });

describe("files", () => {
  it("are there after their three calls, and then blocks can show them", async () => {
    await using slack = await openStandIn();
    const id = await upload(slack);
    const show = async (): Promise<Answer> =>
      await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: [image(id)] });
    expect(await show()).toMatchObject({ error: "invalid_blocks" });
    expect(await call(slack, "files.completeUploadExternal", { files: [{ id, title: "Leases" }] })).toMatchObject({
      files: [{ id, title: "Leases", mimetype: "image/png", size: 8 }],
    });
    expect(slack.files()).toMatchObject([
      { id, name: "chart.png", title: "Leases", channels: [], threadTs: undefined },
    ]);
    expect([...(slack.files()[0]?.bytes ?? [])]).toEqual([...BYTES]);
    expect(slack.messages()).toEqual([]);
    expect(await show()).toMatchObject({ ok: true });
    expect(await fetch(`${slack.pageUrl}files/${id}`).then(async (answer) => await answer.bytes())).toEqual(
      new Uint8Array(BYTES),
    );
  });

  it("are shared with a message into a thread", async () => {
    await using slack = await openStandIn();
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "root" });
    const id = await upload(slack);
    const args = { files: [{ id }], channel_id: "C1", thread_ts: ts, initial_comment: "The log" };
    expect(await call(slack, "files.completeUploadExternal", args)).toMatchObject({ ok: true });
    expect(slack.messages()[1]).toMatchObject({ threadTs: ts, text: "The log", files: [id] });
    expect(slack.files()).toMatchObject([{ channels: ["C1"], threadTs: ts }]);
    expect(await call(slack, "conversations.replies", { channel: "C1", ts })).toMatchObject({
      messages: [{ text: "root" }, { text: "The log", files: [{ id }] }],
    });
  });

  it("go to one channel only with a thread", async () => {
    await using slack = await openStandIn({ channels: [{ id: "C7", name: "other" }] });
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "root" });
    const id = await upload(slack);
    const args = { files: [{ id }], channels: "C1,C7", thread_ts: ts };
    expect(await call(slack, "files.completeUploadExternal", args)).toMatchObject({ error: "invalid_arguments" });
    expect(slack.files()).toEqual([]);
  });

  it("must have the length that was announced", async () => {
    await using slack = await openStandIn();
    const { upload_url: url, file_id: id } = await announce(slack);
    expect((await fetch(String(url), { method: "POST", body: "short" })).status).toBe(400);
    expect(await call(slack, "files.completeUploadExternal", { files: [{ id }] })).toMatchObject({
      error: "file_not_found",
    });
  });

  it("cannot be shown while slack looks at them", async () => {
    await using slack = await openStandIn();
    slack.holdFiles(true);
    const id = await upload(slack);
    await call(slack, "files.completeUploadExternal", { files: [{ id }] });
    const blocks = [image(id)];
    expect(await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks })).toMatchObject({
      error: "invalid_blocks",
      errors: ["invalid slack file [json-pointer:/blocks/0/slack_file]"],
    });
    expect(await call(slack, "files.info", { file: id })).toMatchObject({ file: { mimetype: "" } });
    slack.holdFiles(false);
    expect(await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks })).toMatchObject({ ok: true });
  });

  it("come as slack's own client sends them", async () => {
    await using slack = await openStandIn();
    const client = new webApi.WebClient(TOKENS.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
    await client.filesUploadV2({
      filename: "log.txt",
      file: Buffer.from("a long log"),
      channel_id: "C1",
      initial_comment: "See",
    });
    expect(slack.files()).toMatchObject([{ name: "log.txt", channels: ["C1"] }]);
    expect(Buffer.from(slack.files()[0]?.bytes ?? []).toString("utf8")).toBe("a long log");
    expect(slack.messages()).toMatchObject([{ text: "See" }]);
  });
});
