import { describe, expect, it } from "@jest/globals";
import { call, openStandIn } from "../open-stand-in.ts";

const CHANNELS = [
  { id: "C2", name: "not-joined", member: false },
  { id: "C3", name: "private", private: true, members: ["U2"] },
];

describe("channels", () => {
  it("are described with whether the app is in them", async () => {
    await using slack = await openStandIn({ channels: CHANNELS });
    const info = async (channel: string): Promise<unknown> =>
      (await call(slack, "conversations.info", { channel }))["channel"];
    expect(await info("C1")).toMatchObject({ id: "C1", name: "ops", is_channel: true, is_member: true });
    expect(await info("C2")).toMatchObject({ is_member: false });
    expect(await info("C3")).toMatchObject({ is_private: true, is_channel: false });
  });

  it("list their people, the app among them, page by page", async () => {
    await using slack = await openStandIn({ channels: CHANNELS });
    expect(await call(slack, "conversations.members", { channel: "C3" })).toMatchObject({
      members: ["U0SEALWATCH", "U2"],
    });
    const first = await call(slack, "conversations.members", { channel: "C1", limit: "2" });
    expect(first).toMatchObject({ members: ["U0SEALWATCH", "U1"], response_metadata: { next_cursor: "2" } });
    expect(await call(slack, "conversations.members", { channel: "C1", limit: "2", cursor: "2" })).toMatchObject({
      members: ["U2"],
      response_metadata: { next_cursor: "" },
    });
  });

  it("are listed by kind, where the app is in them", async () => {
    await using slack = await openStandIn({ channels: CHANNELS });
    const ids = async (types: string): Promise<readonly string[]> =>
      ((await call(slack, "users.conversations", { types }))["channels"] as { id: string }[]).map(({ id }) => id);
    expect(await ids("public_channel")).toEqual(["C1"]);
    expect(await ids("public_channel,private_channel")).toEqual(["C1", "C3"]);
  });

  it("change as people change them", async () => {
    await using slack = await openStandIn();
    slack.setChannel({ id: "C1", name: "ops", member: false });
    expect(await call(slack, "chat.postMessage", { channel: "C1", text: "x" })).toMatchObject({
      error: "not_in_channel",
    });
  });

  it("keep their messages apart", async () => {
    await using slack = await openStandIn({ channels: [{ id: "C7", name: "other" }] });
    await call(slack, "chat.postMessage", { channel: "C1", text: "one" });
    await call(slack, "chat.postMessage", { channel: "C7", text: "two" });
    expect(await call(slack, "conversations.history", { channel: "C7" })).toMatchObject({
      messages: [{ text: "two" }],
    });
  });
});

describe("direct messages", () => {
  it("are where a message to a person goes", async () => {
    await using slack = await openStandIn();
    const opened = await call(slack, "conversations.open", { users: "U1" });
    const posted = await call(slack, "chat.postMessage", { channel: "U1", text: "psst" });
    expect(posted).toMatchObject({ ok: true, channel: "D1" });
    expect(opened).toMatchObject({ channel: { id: "D1" } });
    expect(await call(slack, "conversations.history", { channel: "D1" })).toMatchObject({
      messages: [{ text: "psst" }],
    });
  });
});

describe("rates", () => {
  it("count messages for each channel by itself", async () => {
    await using slack = await openStandIn({ channels: [{ id: "C7", name: "other" }] });
    slack.tighten("chat.postMessage", { perMinute: 60, burst: 1 });
    const post = async (channel: string): Promise<unknown> =>
      await call(slack, "chat.postMessage", { channel, text: "x" });
    expect(await post("C1")).toMatchObject({ ok: true });
    expect(await post("C7")).toMatchObject({ ok: true });
    expect(await post("C1")).toMatchObject({ status: 429, retryAfter: "1" });
    expect(slack.calls()).toMatchObject([
      { method: "chat.postMessage", at: 1_000_000, ok: true, channel: "C1" },
      { ok: true, channel: "C7" },
      { ok: false, error: "ratelimited", channel: "C1" },
    ]);
    slack.tighten("chat.postMessage", { perMinute: 60, burst: 1 });
    expect(await post("C1")).toMatchObject({ ok: true });
  });
});
