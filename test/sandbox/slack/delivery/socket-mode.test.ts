import { describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { call, connect, openStandIn, TOKENS, until, type Connection } from "../open-stand-in.ts";

const envelopes = ({ got }: Connection): number => got.filter(({ envelope_id: id }) => id !== undefined).length;

describe("the stand-in's socket mode", () => {
  it("says how many connections there are", async () => {
    await using slack = await openStandIn();
    const first = await connect(slack);
    const second = await connect(slack);
    expect([first.got[0], second.got[0]]).toMatchObject([
      { type: "hello", num_connections: 1, debug_info: { approximate_connection_time: 18_060 } },
      { type: "hello", num_connections: 2 },
    ]);
    for (const { socket } of [first, second]) socket.terminate();
  });

  it("takes an address once only, and none that it did not give", async () => {
    await using slack = await openStandIn();
    const { url } = await call(slack, "apps.connections.open", {}, TOKENS.appToken);
    const opened = new WebSocket(String(url));
    await new Promise((resolve) => opened.once("message", resolve));
    for (const again of [String(url), `${String(url)}x`]) {
      const socket = new WebSocket(again);
      await new Promise((resolve) => socket.once("error", resolve));
    }
    expect(slack.connections()).toBe(1);
    opened.terminate();
  });

  it("sends the eleventh connection away with too_many_websockets", async () => {
    await using slack = await openStandIn();
    const ten: Connection[] = [];
    for (let index = 0; index < 10; index++) ten.push(await connect(slack));
    const eleventh = await connect(slack);
    expect(eleventh.got).toMatchObject([{ type: "disconnect", reason: "too_many_websockets" }]);
    expect(slack.connections()).toBe(10);
    for (const { socket } of [...ten, eleventh]) socket.terminate();
  });

  it("brings each thing to one connection, in turn, and to two when it delivers twice", async () => {
    await using slack = await openStandIn();
    const both = [await connect(slack), await connect(slack)];
    for (let index = 0; index < 4; index++) await slack.as("U1").slash("/vault", String(index));
    expect(both.map(envelopes)).toEqual([2, 2]);
    slack.deliverTwice(true);
    await slack.as("U1").slash("/vault", "5");
    expect(both.map(envelopes)).toEqual([3, 3]);
    for (const { socket } of both) socket.terminate();
  });

  it("warns connections before it refreshes them, and spares them while there are others", async () => {
    await using slack = await openStandIn();
    const old = await connect(slack);
    slack.warnAll();
    await until(() => old.got.length === 2);
    expect(old.got.at(-1)).toMatchObject({ type: "disconnect", reason: "warning" });
    await slack.as("U1").slash("/vault", "1");
    expect(envelopes(old)).toBe(1);
    const fresh = await connect(slack);
    for (let index = 0; index < 3; index++) await slack.as("U1").slash("/vault", "2");
    expect([envelopes(old), envelopes(fresh)]).toEqual([1, 3]);
    slack.disconnectAll();
    await new Promise((resolve) => old.socket.once("close", resolve));
    expect(old.got.at(-1)).toMatchObject({ type: "disconnect", reason: "refresh_requested" });
    fresh.socket.terminate();
  });

  it("keeps what it has to say to a frozen connection until it thaws", async () => {
    await using slack = await openStandIn({ ackMs: 50 });
    const connection = await connect(slack);
    slack.freeze();
    expect(await slack.as("U1").slash("/vault", "1")).toEqual({ outcome: "dispatch_failed" });
    expect(envelopes(connection)).toBe(0);
    slack.thaw();
    await until(() => envelopes(connection) === 1);
    connection.socket.terminate();
  });

  it("cuts everything while slack is down, and takes it up again", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    const closed = new Promise((resolve) => connection.socket.once("close", resolve));
    const { url } = await call(slack, "apps.connections.open", {}, TOKENS.appToken);
    slack.down();
    await closed;
    await expect(call(slack, "auth.test")).rejects.toThrow("fetch failed");
    expect((await fetch(`${slack.pageUrl}page/state`)).status).toBe(200);
    const refused = new WebSocket(String(url));
    await new Promise((resolve) => refused.once("error", resolve));
    expect(await slack.as("U1").slash("/vault", "1")).toEqual({ outcome: "dispatch_failed" });
    slack.up();
    expect(await call(slack, "auth.test")).toMatchObject({ ok: true });
    const again = await connect(slack);
    expect(await slack.as("U1").slash("/vault", "2")).toMatchObject({ outcome: "acked" });
    again.socket.terminate();
  });
});
