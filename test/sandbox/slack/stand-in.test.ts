import { createHmac } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { startSlackStandIn, type SlackStandIn } from "../../../src/sandbox/slack/stand-in.ts";

const TOKENS = { botToken: "xoxb-made-up", appToken: "xapp-made-up" };
const CHANNEL = { id: "C1", name: "ops" };
const BLOCKS = [
  {
    type: "actions",
    block_id: "row",
    elements: [{ type: "button", action_id: "go", text: { type: "plain_text", text: "Go" }, value: "v" }],
  },
];

async function open(now: () => number = () => 1_000_000, ackMs = 3000): Promise<SlackStandIn> {
  return await startSlackStandIn({
    ...TOKENS,
    users: [{ id: "U1", name: "alice" }],
    channel: CHANNEL,
    clock: { now },
    ackMs,
  });
}

type Answer = { readonly [key: string]: unknown };

async function call(
  slack: SlackStandIn,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
  token = TOKENS.botToken,
): Promise<Answer> {
  const form = new URLSearchParams(
    Object.entries(args).map(([key, value]): [string, string] => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    ...((await response.json()) as Answer),
  };
}

/** A client that acks what it gets with `answer`; `silent` does not. */
async function connect(
  slack: SlackStandIn,
  answer: (envelope: Answer) => unknown = () => ({}),
): Promise<{ readonly socket: WebSocket; readonly got: Answer[] }> {
  const { url } = await call(slack, "apps.connections.open", {}, TOKENS.appToken);
  const socket = new WebSocket(String(url));
  const got: Answer[] = [];
  await new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString("utf8")) as Answer;
      got.push(message);
      if (message["type"] === "hello") resolve();
      const payload = message["envelope_id"] === undefined ? undefined : answer(message);
      if (payload !== undefined) socket.send(JSON.stringify({ envelope_id: message["envelope_id"], payload }));
    });
  });
  return { socket, got };
}

function lastPayload(got: readonly Answer[]): Answer {
  return (got.at(-1) ?? {})["payload"] as Answer;
}

const view = (
  blocks: readonly unknown[] = [
    {
      type: "input",
      block_id: "b",
      label: { type: "plain_text", text: "Why?" },
      element: { type: "plain_text_input", action_id: "a" },
    },
  ],
) => ({
  type: "modal",
  callback_id: "ask",
  title: { type: "plain_text", text: "Ask" },
  submit: { type: "plain_text", text: "Go" },
  blocks,
});

describe("the stand-in's web api", () => {
  it.each([
    { name: "an unknown method", method: "chat.explode", args: {}, error: "unknown_method" },
    {
      name: "another channel",
      method: "chat.postMessage",
      args: { channel: "C9", text: "x" },
      error: "channel_not_found",
    },
    { name: "a message without text", method: "chat.postMessage", args: { channel: "C1" }, error: "no_text" },
    {
      name: "51 blocks",
      method: "chat.postMessage",
      args: { channel: "C1", blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) },
      error: "invalid_blocks",
    },
    {
      name: "12,001 characters in sum",
      method: "chat.postMessage",
      args: {
        channel: "C1",
        blocks: Array.from({ length: 5 }, () => ({
          type: "section",
          text: { type: "mrkdwn", text: "x".repeat(2401) },
        })),
      },
      error: "msg_blocks_too_long",
    },
    {
      name: "a section of 3,001 characters",
      method: "chat.postMessage",
      args: { channel: "C1", blocks: [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } }] },
      error: "invalid_blocks",
    },
    {
      name: "an edit of 4,001 bytes",
      method: "chat.update",
      args: { channel: "C1", ts: "ROOT", text: "x".repeat(4001) },
      error: "msg_too_long",
    },
    {
      name: "an edit of nothing",
      method: "chat.update",
      args: { channel: "C1", ts: "9.9", text: "x" },
      error: "message_not_found",
    },
    {
      name: "a reply to nothing",
      method: "chat.postMessage",
      args: { channel: "C1", thread_ts: "9.9", text: "x" },
      error: "cannot_reply_to_message",
    },
    {
      name: "a stranger",
      method: "chat.postEphemeral",
      args: { channel: "C1", user: "U9", text: "x" },
      error: "user_not_in_channel",
    },
    {
      name: "a made-up trigger",
      method: "views.open",
      args: { trigger_id: "x", view: view() },
      error: "invalid_trigger_id",
    },
    {
      name: "a view without a way to submit its input",
      method: "views.open",
      args: { trigger_id: "x", view: { ...view(), submit: undefined } },
      error: "invalid_arguments",
    },
  ])("refuses $name", async ({ method, args, error }) => {
    await using slack = await open();
    const root = await call(slack, "chat.postMessage", { channel: "C1", text: "root" });
    const filled = "ts" in args && args.ts === "ROOT" ? { ...args, ts: root["ts"] } : args;
    expect(await call(slack, method, filled)).toMatchObject({ ok: false, error });
    expect(slack.messages()).toHaveLength(1);
  });

  it("refuses wrong and missing tokens, and the bot's token for the socket", async () => {
    await using slack = await open();
    expect(await call(slack, "auth.test", {}, "xoxb-other")).toMatchObject({ error: "invalid_auth" });
    expect(await call(slack, "auth.test", {}, "")).toMatchObject({ error: "not_authed" });
    expect(await call(slack, "apps.connections.open", {}, TOKENS.botToken)).toMatchObject({ error: "invalid_auth" });
  });

  it("holds calls to their rate, and says for how long", async () => {
    let now = 0;
    await using slack = await open(() => now);
    slack.tighten("chat.update", { perMinute: 30, burst: 2 });
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "root" });
    const update = async (): Promise<Answer> => await call(slack, "chat.update", { channel: "C1", ts, text: "x" });
    await update();
    await update();
    expect(await update()).toMatchObject({ status: 429, retryAfter: "2", error: "ratelimited" });
    now += 2000;
    expect(await update()).toMatchObject({ ok: true });
  });

  it("fails as it is told: before the effect, or after it", async () => {
    await using slack = await open();
    slack.failNext("chat.postMessage", { status: 503 });
    expect(await call(slack, "chat.postMessage", { channel: "C1", text: "one" })).toMatchObject({ status: 503 });
    expect(slack.messages()).toHaveLength(0);
    slack.failNext("chat.postMessage", "after-effect");
    expect(await call(slack, "chat.postMessage", { channel: "C1", text: "two" })).toMatchObject({ status: 500 });
    expect(slack.messages()).toHaveLength(1);
    slack.failNext("chat.postMessage", "drop-after-effect");
    await expect(call(slack, "chat.postMessage", { channel: "C1", text: "three" })).rejects.toThrow("fetch failed");
    expect(slack.messages()).toHaveLength(2);
  });

  it("takes a call and never answers when it is told to be silent, and does nothing", async () => {
    const slack = await open();
    slack.failNext("chat.postMessage", "silent");
    const pending = call(slack, "chat.postMessage", { channel: "C1", text: "one" });
    // Answered after the silent call was taken.
    while (!slack.payloads().some(({ via }) => via === "chat.postMessage")) await call(slack, "auth.test");
    expect(slack.messages()).toHaveLength(0);
    await Promise.all([expect(pending).rejects.toThrow("fetch failed"), slack[Symbol.asyncDispose]()]);
  });

  it("finds messages by their metadata, in the channel and in a thread, page by page", async () => {
    await using slack = await open();
    const metadata = { event_type: "t", event_payload: { key: "k" } };
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "root", metadata });
    for (const text of ["a", "b"])
      await call(slack, "chat.postMessage", { channel: "C1", text, thread_ts: ts, metadata });
    expect(await call(slack, "conversations.history", { channel: "C1", include_all_metadata: "true" })).toMatchObject({
      messages: [{ ts, metadata }],
      has_more: false,
    });
    expect(JSON.stringify(await call(slack, "conversations.history", { channel: "C1" }))).not.toContain(
      "event_payload",
    );
    const first = await call(slack, "conversations.replies", { channel: "C1", ts, limit: "2" });
    expect(first).toMatchObject({ messages: [{ text: "root" }, { text: "a" }], has_more: true });
    expect(await call(slack, "conversations.replies", { channel: "C1", ts, limit: "2", cursor: "2" })).toMatchObject({
      messages: [{ text: "b" }],
      has_more: false,
    });
  });

  it("signs bodies as slack does", async () => {
    await using slack = await startSlackStandIn({
      ...TOKENS,
      users: [],
      channel: CHANNEL,
      clock: { now: () => 1_000_000 },
      signingSecret: "s",
    });
    const mac = createHmac("sha256", "s").update("v0:1000:body").digest("hex");
    expect(slack.sign("body")).toEqual({ "x-slack-request-timestamp": "1000", "x-slack-signature": `v0=${mac}` });
  });
});

describe("the stand-in's people", () => {
  it("reach nobody while nobody is connected", async () => {
    await using slack = await open();
    expect(await slack.as("U1").slash("/vault", "help")).toEqual({ outcome: "dispatch_failed" });
  });

  it("see dispatch_failed when the app does not ack in time", async () => {
    await using slack = await open(undefined, 20);
    const { socket } = await connect(slack, () => undefined);
    expect(await slack.as("U1").slash("/vault", "help")).toEqual({ outcome: "dispatch_failed" });
    socket.terminate();
  });

  it("see dispatch_failed when the connection is frozen, and get through when it thaws", async () => {
    await using slack = await open(undefined, 200);
    const { socket } = await connect(slack);
    slack.freeze();
    expect(await slack.as("U1").slash("/vault", "help")).toEqual({ outcome: "dispatch_failed" });
    slack.thaw();
    expect(await slack.as("U1").slash("/vault", "help")).toMatchObject({ outcome: "acked" });
    socket.terminate();
  });

  it("press only buttons that are there", async () => {
    await using slack = await open();
    const { socket, got } = await connect(slack);
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: BLOCKS });
    await expect(slack.as("U1").click(String(ts), "stop")).rejects.toThrow("no such button");
    await expect(slack.as("U1").click("9.9", "go")).rejects.toThrow("no message fits");
    await slack.as("U1").click(String(ts), "go");
    expect(got.at(-1)).toMatchObject({
      type: "interactive",
      payload: {
        type: "block_actions",
        user: { id: "U1" },
        actions: [{ action_id: "go", value: "v", block_id: "row" }],
        message: { ts },
      },
    });
    socket.terminate();
  });

  it("use a trigger once, and within three seconds", async () => {
    let now = 0;
    await using slack = await open(() => now);
    const { socket, got } = await connect(slack);
    const trigger = async (): Promise<string> => {
      await slack.as("U1").slash("/vault", "x");
      return String(lastPayload(got)["trigger_id"]);
    };
    const first = await trigger();
    expect(await call(slack, "views.open", { trigger_id: first, view: view() })).toMatchObject({ ok: true });
    expect(await call(slack, "views.open", { trigger_id: first, view: view() })).toMatchObject({
      error: "exchanged_trigger_id",
    });
    const second = await trigger();
    now += 3001;
    expect(await call(slack, "views.open", { trigger_id: second, view: view() })).toMatchObject({
      error: "expired_trigger_id",
    });
    socket.terminate();
  });

  it("keep a modal with errors, and see it close without", async () => {
    await using slack = await open();
    let answer: unknown = { response_action: "errors", errors: { b: "no" } };
    const { socket, got } = await connect(slack, (envelope) =>
      (envelope["payload"] as Answer)["type"] === "view_submission" ? answer : {},
    );
    await slack.as("U1").slash("/vault", "x");
    await call(slack, "views.open", { trigger_id: lastPayload(got)["trigger_id"], view: view() });
    expect(await slack.as("U1").submit("ask", { b: "why" })).toEqual({ outcome: "errors", errors: { b: "no" } });
    expect(got.at(-1)).toMatchObject({ payload: { view: { state: { values: { b: { a: { value: "why" } } } } } } });
    answer = { response_action: "errors", errors: { nowhere: "no" } };
    await expect(slack.as("U1").submit("ask", {})).rejects.toThrow("no input of the view");
    await expect(slack.as("U1").submit("ask", { nowhere: "x" })).rejects.toThrow('cannot fill "nowhere"');
    answer = {};
    expect(await slack.as("U1").submit("ask", { b: "why" })).toEqual({ outcome: "closed" });
    expect(slack.views("U1")).toEqual([]);
    socket.terminate();
  });

  it("are answered at a response address five times in thirty minutes", async () => {
    let now = 0;
    await using slack = await open(() => now);
    const { socket, got } = await connect(slack);
    const address = async (): Promise<string> => {
      await slack.as("U1").slash("/vault", "x");
      return String(lastPayload(got)["response_url"]);
    };
    const answer = async (url: string): Promise<number> =>
      (await fetch(url, { method: "POST", body: JSON.stringify({ text: "hi" }) })).status;
    const url = await address();
    const statuses = [];
    for (let index = 0; index < 6; index++) statuses.push(await answer(url));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.ephemerals("U1")).toHaveLength(5);
    const late = await address();
    now += 30 * 60_000 + 1;
    expect(await answer(late)).toBe(404);
    socket.terminate();
  });

  it("reach no connection that was made while the stand-in was mute, and those that were made after", async () => {
    await using slack = await open();
    slack.mute();
    const { url } = await call(slack, "apps.connections.open", {}, TOKENS.appToken);
    const silent = new WebSocket(String(url));
    const ended = new Promise((resolve) => silent.once("error", resolve));
    await call(slack, "auth.test");
    slack.unmute();
    const { socket } = await connect(slack);
    expect(slack.connections()).toBe(1);
    expect(silent.readyState).toBe(WebSocket.CONNECTING);
    silent.terminate();
    await ended;
    socket.terminate();
  });

  it("take turns on the connections, which are asked to go before they are closed", async () => {
    await using slack = await open();
    const first = await connect(slack);
    const second = await connect(slack);
    await slack.as("U1").slash("/vault", "1");
    await slack.as("U1").slash("/vault", "2");
    expect([first.got.length, second.got.length]).toEqual([2, 2]);
    slack.disconnectAll();
    await new Promise((resolve) => first.socket.once("close", resolve));
    expect(first.got.at(-1)).toMatchObject({ type: "disconnect", reason: "refresh_requested" });
    second.socket.terminate();
  });
});
