import { describe, expect, it } from "@jest/globals";
import { connect, openStandIn, until } from "../open-stand-in.ts";
import { startTinyApp, type Got, type Reply } from "../tiny-app.ts";

const retryOf = ({ headers }: Got): readonly unknown[] => [
  headers["x-slack-retry-num"],
  headers["x-slack-retry-reason"],
];

describe("events that nobody takes", () => {
  it("come again at once, after one minute and after five, and then no more", async () => {
    let now = 1_000_000;
    await using slack = await openStandIn({ clock: { now: () => now } });
    await using app = await startTinyApp("made-up secret", () => ({ status: 503 }));
    slack.http(app.url);
    expect(await slack.event({ type: "app_home_opened" })).toEqual({ outcome: "dispatch_failed" });
    expect(app.got.map(retryOf)).toEqual([
      [undefined, undefined],
      ["1", "http_error"],
    ]);
    now += 60_000;
    await until(() => app.got.length === 3);
    await until(() => slack.undelivered() === 1);
    now += 299_000;
    await slack.event({ type: "other" });
    expect(app.got).toHaveLength(5);
    now += 1000;
    await until(() => app.got.length >= 6);
    const own = app.got.filter(({ body }) => body.includes("app_home_opened"));
    expect(own.map(retryOf).slice(2)).toEqual([
      ["2", "http_error"],
      ["3", "http_error"],
    ]);
    const ids = own.map(({ body }) => (JSON.parse(body) as { event_id: string }).event_id);
    expect(new Set(ids).size).toBe(1);
    await slack.redeliver();
    await slack.redeliver();
    await slack.redeliver();
    expect(app.got.filter(({ body }) => body.includes("app_home_opened"))).toHaveLength(4);
    expect(slack.undelivered()).toBe(0);
  });

  it("come again without waiting when they are redelivered", async () => {
    await using slack = await openStandIn();
    let reply: Reply = { status: 500 };
    await using app = await startTinyApp("made-up secret", () => reply);
    slack.http(app.url);
    await slack.event({ type: "x" });
    reply = { status: 200 };
    await slack.redeliver();
    expect(app.got.map(retryOf).at(-1)).toEqual(["2", "http_error"]);
    expect(slack.undelivered()).toBe(0);
  });

  it("stop when the app wants no more of them", async () => {
    await using slack = await openStandIn();
    await using app = await startTinyApp("made-up secret", () => ({
      status: 500,
      headers: { "x-slack-no-retry": "1" },
    }));
    slack.http(app.url);
    await slack.event({ type: "x" });
    expect(app.got).toHaveLength(1);
    expect(slack.undelivered()).toBe(0);
  });

  it("say that the app was too slow, or could not be reached", async () => {
    await using slack = await openStandIn({ ackMs: 50 });
    await using slow = await startTinyApp("made-up secret", () => undefined);
    slack.http(slow.url);
    await slack.event({ type: "x" });
    expect(slow.got.map(retryOf)[1]).toEqual(["1", "http_timeout"]);
    await using app = await startTinyApp("made-up secret");
    slack.http("http://127.0.0.1:9/");
    await slack.event({ type: "y" });
    slack.http(app.url);
    await slack.redeliver();
    const late = app.got.find(({ body }) => body.includes('"y"'));
    expect(late === undefined ? [] : retryOf(late)).toEqual(["2", "connection_failed"]);
  });

  it("come over another connection of socket mode, with the number and the reason in the envelope", async () => {
    await using slack = await openStandIn({ ackMs: 50 });
    const deaf = await connect(slack, () => undefined);
    const well = await connect(slack);
    expect(await slack.event({ type: "x" }, { eventId: "Ev1" })).toMatchObject({ outcome: "acked" });
    expect(deaf.got.at(-1)).toMatchObject({ type: "events_api", retry_attempt: 0, retry_reason: "" });
    expect(well.got.at(-1)).toMatchObject({
      type: "events_api",
      retry_attempt: 1,
      retry_reason: "timeout",
      accepts_response_payload: false,
      payload: { event_id: "Ev1" },
    });
    deaf.socket.terminate();
    well.socket.terminate();
  });

  it("can be made to look like a later delivery", async () => {
    await using slack = await openStandIn();
    await using app = await startTinyApp("made-up secret");
    slack.http(app.url);
    await slack.event({ type: "x" }, { retry: 2 });
    expect(app.got.map(retryOf)).toEqual([["2", "http_timeout"]]);
  });
});
