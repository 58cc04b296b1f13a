import { describe, expect, it } from "@jest/globals";
import { BUTTON_ROW, call, MODAL, openStandIn } from "../open-stand-in.ts";
import { startTinyApp, type Got, type Reply } from "../tiny-app.ts";

const SECRET = "made-up secret";
const FORM = "application/x-www-form-urlencoded";

const payloadOf = (got: Got | undefined): Record<string, unknown> =>
  JSON.parse(new URLSearchParams(got?.body).get("payload") ?? "null") as Record<string, unknown>;

describe("the stand-in in http mode", () => {
  it("posts a command as the fields of a form, signed, and shows the text of its ack", async () => {
    await using slack = await openStandIn();
    await using app = await startTinyApp(SECRET, () => ({ status: 200, body: "hello" }));
    slack.http(app.url);
    expect(await slack.as("U1").slash("/vault", "status prod & <x>")).toEqual({
      outcome: "acked",
      payload: { text: "hello" },
    });
    expect(app.got).toMatchObject([{ signed: true, headers: { "content-type": FORM } }]);
    expect(app.got[0]?.headers).not.toHaveProperty("x-slack-retry-num");
    const fields = Object.fromEntries(new URLSearchParams(app.got[0]?.body));
    expect(fields).toMatchObject({
      command: "/vault",
      text: "status prod & <x>",
      user_id: "U1",
      user_name: "alice",
      channel_id: "C1",
      channel_name: "ops",
      team_id: "T0STANDIN",
      api_app_id: "A0SEALWATCH",
      is_enterprise_install: "false",
    });
    expect(fields["response_url"]).toContain(new URL(slack.apiUrl).host);
    expect(slack.ephemerals("U1")).toMatchObject([{ text: "hello", channel: "C1" }]);
  });

  it("shows a command's ack to everybody when it says in_channel", async () => {
    await using slack = await openStandIn();
    const body = JSON.stringify({ response_type: "in_channel", text: "for all" });
    await using app = await startTinyApp(SECRET, () => ({ status: 200, body }));
    slack.http(app.url);
    await slack.as("U1").slash("/vault", "");
    expect(slack.ephemerals("U1")).toEqual([]);
    expect(slack.messages()).toMatchObject([{ text: "for all" }]);
  });

  it("posts a click as a form with a payload", async () => {
    await using slack = await openStandIn();
    await using app = await startTinyApp(SECRET);
    slack.http(app.url);
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: BUTTON_ROW });
    expect(await slack.as("U1").click(String(ts), "go")).toEqual({ outcome: "acked", payload: {} });
    expect(app.got).toMatchObject([{ signed: true, headers: { "content-type": FORM } }]);
    expect([...new URLSearchParams(app.got[0]?.body).keys()]).toEqual(["payload"]);
    expect(payloadOf(app.got[0])).toMatchObject({
      type: "block_actions",
      user: { id: "U1", team_id: "T0STANDIN" },
      container: { type: "message", message_ts: ts, channel_id: "C1" },
      actions: [{ action_id: "go", block_id: "row", value: "v" }],
    });
  });

  it("reads what to do with a modal from the answer", async () => {
    await using slack = await openStandIn();
    let reply: Reply = { status: 200 };
    await using app = await startTinyApp(SECRET, () => reply);
    slack.http(app.url);
    const open = async (): Promise<void> => {
      reply = { status: 200 };
      await slack.as("U1").slash("/vault", "");
      const fields = new URLSearchParams(app.got.at(-1)?.body);
      await call(slack, "views.open", { trigger_id: fields.get("trigger_id"), view: MODAL });
    };
    const submitWith = async (answer: object | undefined): Promise<unknown> => {
      reply = { status: 200, ...(answer === undefined ? {} : { body: JSON.stringify(answer) }) };
      return await slack.as("U1").submit("ask", { b: "because" });
    };
    await open();
    expect(await submitWith({ response_action: "errors", errors: { b: "no" } })).toEqual({
      outcome: "errors",
      errors: { b: "no" },
    });
    expect(payloadOf(app.got.at(-1))).toMatchObject({
      type: "view_submission",
      view: { callback_id: "ask", state: { values: { b: { a: { type: "plain_text_input", value: "because" } } } } },
    });
    const renamed = { ...MODAL, title: { type: "plain_text", text: "Sure?" } };
    expect(await submitWith({ response_action: "update", view: renamed })).toEqual({ outcome: "updated" });
    expect(slack.views("U1")).toMatchObject([{ view: { title: { text: "Sure?" } } }]);
    expect(await submitWith({ response_action: "push", view: MODAL })).toEqual({ outcome: "pushed" });
    expect(slack.views("U1")).toHaveLength(2);
    expect(await submitWith({ response_action: "clear" })).toEqual({ outcome: "cleared" });
    expect(slack.views("U1")).toEqual([]);
    await open();
    expect(await submitWith(undefined)).toEqual({ outcome: "closed" });
  });

  it.each([
    { name: "answers 500", reply: { status: 500 } },
    { name: "answers 401", reply: { status: 401 } },
    { name: "sends slack elsewhere", reply: { status: 302, headers: { location: "/other" } } },
    { name: "never answers", reply: undefined },
  ])("shows dispatch_failed when the app $name, and tries no second time", async ({ reply }) => {
    await using slack = await openStandIn({ ackMs: 50 });
    await using app = await startTinyApp(SECRET, () => reply);
    slack.http(app.url);
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: BUTTON_ROW });
    expect(await slack.as("U1").slash("/vault", "")).toEqual({ outcome: "dispatch_failed" });
    expect(await slack.as("U1").click(String(ts), "go")).toEqual({ outcome: "dispatch_failed" });
    await slack.redeliver();
    expect(app.got).toHaveLength(2);
  });

  it("shows dispatch_failed when nobody listens at the address", async () => {
    await using slack = await openStandIn();
    slack.http("http://127.0.0.1:9/slack/events");
    expect(await slack.as("U1").slash("/vault", "")).toEqual({ outcome: "dispatch_failed" });
  });

  it("posts events as json, once when they are taken", async () => {
    await using slack = await openStandIn();
    await using app = await startTinyApp(SECRET);
    slack.http(app.url);
    await slack.event({ type: "app_uninstalled" }, { eventId: "Ev7" });
    expect(app.got).toMatchObject([{ signed: true, headers: { "content-type": "application/json" } }]);
    expect(JSON.parse(app.got[0]?.body ?? "")).toMatchObject({
      type: "event_callback",
      team_id: "T0STANDIN",
      event_id: "Ev7",
      event_time: 1000,
      event: { type: "app_uninstalled" },
      authorizations: [{ user_id: "U0SEALWATCH", is_bot: true }],
    });
  });

  it("asks an address to prove itself", async () => {
    await using slack = await openStandIn();
    await using good = await startTinyApp(SECRET, ({ body }) => ({
      status: 200,
      body: JSON.stringify({ challenge: (JSON.parse(body) as { challenge: string }).challenge }),
    }));
    await using deaf = await startTinyApp(SECRET);
    slack.http(good.url);
    expect(await slack.verifyUrl()).toBe(true);
    expect(good.got).toMatchObject([{ signed: true, headers: { "content-type": "application/json" } }]);
    slack.http(deaf.url);
    expect(await slack.verifyUrl()).toBe(false);
  });

  it("replays the last request byte for byte", async () => {
    await using slack = await openStandIn();
    await using app = await startTinyApp(SECRET, () => ({ status: 200, body: "taken" }));
    slack.http(app.url);
    await expect(slack.replayLast()).rejects.toThrow("cannot replay");
    await slack.as("U1").slash("/vault", "once");
    expect(await slack.replayLast()).toEqual({ status: 200, body: "taken" });
    const [first, second] = app.got;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["x-slack-signature"]).toBe(first?.headers["x-slack-signature"]);
    expect(slack.lastRequest()).toMatchObject({ url: app.url, body: first?.body });
  });

  it("delivers twice when it is told to, and takes the ack of whichever was acked", async () => {
    await using slack = await openStandIn();
    let count = 0;
    await using app = await startTinyApp(SECRET, () => (++count === 1 ? { status: 401 } : { status: 200, body: "ok" }));
    slack.http(app.url);
    slack.deliverTwice(true);
    expect(await slack.as("U1").slash("/vault", "")).toMatchObject({ outcome: "acked" });
    expect(app.got).toHaveLength(2);
    expect(app.got[1]?.body).toBe(app.got[0]?.body);
    slack.deliverTwice(false);
    await slack.as("U1").slash("/vault", "");
    expect(app.got).toHaveLength(3);
  });

  it("goes back to socket mode", async () => {
    await using slack = await openStandIn();
    await using app = await startTinyApp(SECRET);
    slack.http(app.url);
    slack.socket();
    expect(await slack.as("U1").slash("/vault", "")).toEqual({ outcome: "dispatch_failed" });
    expect(app.got).toEqual([]);
  });
});
