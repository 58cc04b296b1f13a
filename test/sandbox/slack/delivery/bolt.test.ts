import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { App, ExpressReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { SlackStandIn } from "../../../../src/sandbox/slack/stand-in.ts";
import { BUTTON_ROW, call, MODAL, openStandIn, TOKENS, until } from "../open-stand-in.ts";

const SECRET = "made-up secret";

/** An app of Bolt's own, and what its listeners were given. */
type BoltApp = AsyncDisposable & {
  readonly app: App;
  readonly heard: { kind: string; body: unknown; retry: unknown }[];
};

async function startHttp(slack: SlackStandIn): Promise<BoltApp> {
  const receiver = new ExpressReceiver({ signingSecret: SECRET, logLevel: LogLevel.ERROR });
  const server: Server = createServer(receiver.app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  slack.http(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  const bolt = await listening(slack, receiver);
  return {
    ...bolt,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function startSocket(slack: SlackStandIn): Promise<BoltApp> {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken: TOKENS.appToken,
    logLevel: LogLevel.ERROR,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions },
  });
  const bolt = await listening(slack, receiver);
  await receiver.client.start();
  return { ...bolt, [Symbol.asyncDispose]: async () => await receiver.client.disconnect() };
}

async function listening(
  slack: SlackStandIn,
  receiver: ExpressReceiver | SocketModeReceiver,
): Promise<Omit<BoltApp, typeof Symbol.asyncDispose>> {
  const app = new App({
    token: TOKENS.botToken,
    receiver,
    deferInitialization: true,
    convoStore: false,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  await app.init();
  const heard: { kind: string; body: unknown; retry: unknown }[] = [];
  const hear = (kind: string, body: unknown, context: { retryNum?: number; retryReason?: string }): void =>
    void heard.push({ kind, body, retry: [context.retryNum, context.retryReason] });
  app.command("/vault", async ({ ack, body, context, client }) => {
    await ack({ text: "hello" });
    hear("command", body, context);
    if (body.text === "modal") await client.views.open({ trigger_id: body.trigger_id, view: MODAL as never });
  });
  app.action(/.*/u, async ({ ack, body, context, respond }) => {
    await ack();
    hear("action", body, context);
    await respond({ text: "pressed", replace_original: false });
  });
  app.options(/.*/u, async ({ ack, body, context }) => {
    hear("options", body, context);
    await ack({ options: [{ text: { type: "plain_text", text: `${body.value}-1` }, value: `${body.value}-1` }] });
  });
  app.view({ callback_id: "ask", type: "view_submission" }, async ({ ack, body, context }) => {
    hear("submission", body, context);
    await ack({ response_action: "errors", errors: { b: "not yet" } });
  });
  app.view({ callback_id: "ask", type: "view_closed" }, async ({ ack, body, context }) => {
    await ack();
    hear("closed", body, context);
  });
  app.event(/.*/u, async ({ body, context }) => await Promise.resolve(hear("event", body, context)));
  return { app, heard };
}

describe.each([
  { mode: "ExpressReceiver over http", start: startHttp },
  { mode: "SocketModeReceiver", start: startSocket },
])("what bolt reads of the stand-in, with $mode", ({ start }) => {
  it("is a command with its acks, triggers and answers", async () => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() } });
    await using bolt = await start(slack);
    expect(await slack.as("U1").slash("/vault", "modal")).toEqual({ outcome: "acked", payload: { text: "hello" } });
    expect(slack.ephemerals("U1")).toMatchObject([{ text: "hello" }]);
    await slack.waitForView("U1", "ask");
    expect(bolt.heard).toMatchObject([{ kind: "command", body: { command: "/vault", text: "modal", user_id: "U1" } }]);
  });

  it("is a click with an answer at its response address", async () => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() } });
    await using bolt = await start(slack);
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: BUTTON_ROW });
    expect(await slack.as("U1").click(String(ts), "go")).toEqual({ outcome: "acked", payload: {} });
    await slack.waitForEphemeral("U1", ({ text }) => text === "pressed");
    expect(bolt.heard).toMatchObject([
      {
        kind: "action",
        body: { type: "block_actions", user: { id: "U1" }, message: { ts }, actions: [{ action_id: "go" }] },
      },
    ]);
  });

  it("is a submission with errors, and a modal that was closed", async () => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() } });
    await using bolt = await start(slack);
    await slack.as("U1").slash("/vault", "modal");
    const { id } = await slack.waitForView("U1", "ask");
    await call(slack, "views.update", { view_id: id, view: { ...MODAL, notify_on_close: true } });
    expect(await slack.as("U1").submit("ask", { b: "why" })).toEqual({ outcome: "errors", errors: { b: "not yet" } });
    expect(await slack.as("U1").close("ask")).toMatchObject({ outcome: "acked" });
    await until(() => bolt.heard.length === 3);
    expect(bolt.heard.slice(1)).toMatchObject([
      { kind: "submission", body: { view: { id, state: { values: { b: { a: { value: "why" } } } } } } },
      { kind: "closed", body: { type: "view_closed", view: { id }, is_cleared: false } },
    ]);
  });

  it("is a search in an external select", async () => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() } });
    await using bolt = await start(slack);
    const blocks = [
      {
        type: "actions",
        block_id: "row",
        elements: [{ type: "external_select", action_id: "pick", min_query_length: 1 }],
      },
    ];
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks });
    expect(await slack.as("U1").suggest(String(ts), "pick", "prod")).toMatchObject([{ value: "prod-1" }]);
    await slack.as("U1").select(String(ts), "pick", "prod-1");
    await slack.waitForEphemeral("U1", ({ text }) => text === "pressed");
    expect(bolt.heard).toMatchObject([
      { kind: "options", body: { type: "block_suggestion", value: "prod", action_id: "pick", block_id: "row" } },
      { kind: "action", body: { actions: [{ type: "external_select", selected_option: { value: "prod-1" } }] } },
    ]);
  });

  it("is an event, what people write and the Home, with what bolt makes of a retry", async () => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() } });
    await using bolt = await start(slack);
    await slack.event({ type: "app_uninstalled" }, { eventId: "Ev1", retry: 2 });
    const ts = await slack.as("U1").say("hello there");
    await slack.as("U1").openHome();
    await until(() => bolt.heard.length === 3);
    expect(bolt.heard).toMatchObject([
      { kind: "event", body: { event_id: "Ev1" }, retry: [2, "http_timeout"] },
      { kind: "event", body: { event: { type: "message", text: "hello there", ts, user: "U1", channel: "C1" } } },
      { kind: "event", body: { event: { type: "app_home_opened", user: "U1", tab: "home" } } },
    ]);
  });
});

describe("a request url", () => {
  it("proves itself with bolt", async () => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() } });
    await using bolt = await startHttp(slack);
    expect(await slack.verifyUrl()).toBe(true);
    expect(bolt.heard).toEqual([]);
  });
});

describe("a request that somebody forged", () => {
  it("is refused by bolt", async () => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() }, signingSecret: "another secret" });
    await using bolt = await startHttp(slack);
    expect(await slack.as("U1").slash("/vault", "")).toEqual({ outcome: "dispatch_failed" });
    expect(await slack.replayLast()).toMatchObject({ status: 401 });
    expect(bolt.heard).toEqual([]);
  });
});
