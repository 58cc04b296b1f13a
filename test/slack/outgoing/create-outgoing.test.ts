import { describe, expect, it } from "@jest/globals";
import { silentLogger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { startSlackStandIn, type SlackStandIn } from "../../../src/sandbox/slack/stand-in.ts";
import { deafObserver } from "../../../src/slack/observer.ts";
import type { Outgoing } from "../../../src/slack/outgoing.ts";
import { createOutgoing, type OutgoingOptions } from "../../../src/slack/outgoing/create-outgoing.ts";
import { say } from "../../../src/slack/render/content.ts";
import { sortSlackError } from "../../../src/slack/slack-error.ts";
import { USERS } from "../memory.ts";
import { APP_TOKEN, BOT_TOKEN, CHANNEL } from "../world.ts";

const USER_TOKEN = "xoxp-000000000000-made-up-canary";
const CANARY = "hvs.madeupmadeupmadeupmadeupcanary";
const PLACE = { channel: CHANNEL, threadTs: undefined };

type Heard = { readonly method: string; readonly result: string };

type Desk = AsyncDisposable & {
  readonly slack: SlackStandIn;
  readonly outgoing: Outgoing;
  readonly heard: readonly Heard[];
};

async function open(change: Partial<OutgoingOptions> = {}): Promise<Desk> {
  const clock = { now: () => Date.now() };
  const slack = await startSlackStandIn({
    users: USERS,
    channel: { id: CHANNEL, name: "vault-incidents" },
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    userToken: USER_TOKEN,
    clock,
  });
  const heard: Heard[] = [];
  const outgoing = createOutgoing({
    botToken: new Secret(BOT_TOKEN),
    apiUrl: slack.apiUrl,
    clock,
    observer: { ...deafObserver, called: (method, result) => void heard.push({ method, result }) },
    logger: silentLogger,
    backgroundMs: 200,
    ...change,
  });
  return { slack, outgoing, heard, [Symbol.asyncDispose]: async () => await slack[Symbol.asyncDispose]() };
}

describe("what goes out", () => {
  it("loses what looks like a secret, in every text", async () => {
    await using desk = await open();
    const ts = await desk.outgoing.post(PLACE, ["k"], say(`the token is ${CANARY}`), false);
    await desk.outgoing.update(CHANNEL, ts, say(`still ${CANARY}`));
    await desk.outgoing.direct("U0ALICE", say(`for you ${CANARY}`));
    await desk.outgoing.publishHome("U0ALICE", { type: "home", blocks: [...say(`at home ${CANARY}`).blocks] });
    const sent = JSON.stringify(desk.slack.payloads());
    expect(sent).not.toContain(CANARY);
    expect(sent.match(/redacted Vault token/gu)?.length).toBeGreaterThanOrEqual(4);
  });

  it("is counted by method and result", async () => {
    await using desk = await open();
    const ts = await desk.outgoing.post(PLACE, ["k"], say("hello"), false);
    await desk.outgoing.permalink(CHANNEL, ts);
    desk.slack.failNext("chat.update", { status: 429, retryAfter: 3 });
    await expect(desk.outgoing.update(CHANNEL, ts, say("a"))).rejects.toThrow("rate-limit");
    desk.slack.failNext("chat.update", { status: 500 });
    await expect(desk.outgoing.update(CHANNEL, ts, say("a"))).rejects.toThrow("500");
    await expect(desk.outgoing.update(CHANNEL, "1.1", say("a"))).rejects.toThrow("message_not_found");
    expect(desk.heard).toEqual([
      { method: "chat.postMessage", result: "ok" },
      { method: "chat.getPermalink", result: "ok" },
      { method: "chat.update", result: "rate_limited" },
      { method: "chat.update", result: "uncertain" },
      { method: "chat.update", result: "refused" },
    ]);
  });

  it("is sent once, whatever happens: who may repeat it decides that elsewhere", async () => {
    await using desk = await open();
    for (const fault of [{ status: 500 }, "drop-after-effect", { status: 429, retryAfter: 1 }] as const) {
      desk.slack.failNext("chat.postMessage", fault);
      await expect(desk.outgoing.post(PLACE, ["k"], say("hello"), false)).rejects.toMatchObject({
        code: expect.stringMatching(/^slack_webapi_/u),
      });
    }
    expect(desk.slack.payloads().filter(({ via }) => via === "chat.postMessage")).toHaveLength(3);
  });

  it("gives up a call that hangs, as one of which nobody knows the outcome", async () => {
    await using desk = await open();
    desk.slack.failNext("chat.postMessage", "silent");
    const error: unknown = await desk.outgoing
      .post(PLACE, ["k"], say("hello"), false)
      .catch((thrown: unknown) => thrown);
    expect(sortSlackError(error).kind).toBe("uncertain");
  });
});

describe("our own messages", () => {
  it("are found by their keys, in the channel and in a thread, also where one post stands for several", async () => {
    await using desk = await open();
    const root = await desk.outgoing.post(PLACE, ["root"], say("root"), false);
    const reply = await desk.outgoing.post({ channel: CHANNEL, threadTs: root }, ["one", "two"], say("news"), false);
    expect([...(await desk.outgoing.findKeys(PLACE, 0))]).toEqual([["root", root]]);
    const inThread = await desk.outgoing.findKeys({ channel: CHANNEL, threadTs: root }, 0);
    expect(Object.fromEntries(inThread)).toMatchObject({ one: reply, two: reply });
  });

  it("are found as the newest of a key", async () => {
    await using desk = await open();
    await desk.outgoing.post(PLACE, ["k"], say("old"), false);
    const next = await desk.outgoing.post(PLACE, ["k"], say("new"), false);
    expect((await desk.outgoing.findKeys(PLACE, 0)).get("k")).toBe(next);
  });
});

describe("the other calls", () => {
  it("say who we are", async () => {
    await using desk = await open();
    const { userId, teamId, botId, enterpriseId } = await desk.outgoing.whoAmI();
    expect([userId, teamId, botId].every((id) => /^[UTB][A-Z0-9]+$/u.test(id))).toBe(true);
    expect(enterpriseId).toBeUndefined();
  });

  it("upload a file into a thread, byte for byte, and the token stays with Slack's API", async () => {
    await using desk = await open();
    const root = await desk.outgoing.post(PLACE, ["root"], say("root"), false);
    const bytes = new TextEncoder().encode("line 1\nline 2\n");
    const share = { place: { channel: CHANNEL, threadTs: root }, comment: "the log" };
    const { id } = await desk.outgoing.upload({ name: "log.txt", title: "Log", bytes, snippetType: "text" }, share);
    const [file] = desk.slack.files();
    expect(file).toMatchObject({ id, name: "log.txt", title: "Log", threadTs: root });
    expect([...(file?.bytes ?? [])]).toEqual([...bytes]);
    expect(desk.heard.map(({ method }) => method)).toEqual([
      "chat.postMessage",
      "files.getUploadURLExternal",
      "files.upload",
      "files.completeUploadExternal",
    ]);
  });

  it("delete somebody's message only with the token of an admin", async () => {
    await using without = await open();
    expect(without.outgoing.deleteAsUser).toBeUndefined();
    await using desk = await open({ deletionToken: new Secret(USER_TOKEN) });
    const ts = await desk.slack.as("U0ALICE").say("oops");
    await desk.outgoing.deleteAsUser?.(CHANNEL, ts);
    expect(desk.slack.messages().some((message) => message.ts === ts)).toBe(false);
    expect(desk.slack.deleted().map((message) => message.ts)).toContain(ts);
  });

  it("publish a Home", async () => {
    await using desk = await open();
    await desk.outgoing.publishHome("U0ALICE", { type: "home", blocks: [...say("All is well.").blocks] });
    expect(JSON.stringify(desk.slack.homes("U0ALICE"))).toContain("All is well.");
  });
});
