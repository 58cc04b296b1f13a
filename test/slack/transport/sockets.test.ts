import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { LogFacts } from "../../../src/lib/logger.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { createBoltApp } from "../../../src/slack/create-bolt-app.ts";
import { createSockets } from "../../../src/slack/transport/sockets.ts";
import type { Transport } from "../../../src/slack/transport/transport.ts";
import { createManualTime, type ManualTime } from "../../runner/manual-time.ts";
import { until } from "../until.ts";
import { recordingObserver, type Heard } from "./serve.ts";
import { startSocketServer, type Opening, type SocketServer } from "./socket-server.ts";

/** What the process would have died of. */
const unhandled: unknown[] = [];
const remember = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on("unhandledRejection", remember));
afterAll(() => void process.off("unhandledRejection", remember));

type Line = AsyncDisposable & {
  readonly server: SocketServer;
  readonly transport: Transport;
  readonly observer: Heard;
  readonly time: ManualTime;
  readonly logs: string[];
  readonly pauses: number[];
  readonly reached: string[];
};

/** The transport with so many connections, over a server; an app that acks every command. It has connected once when it is given. */
async function openLine({ connections = 1, next = [] as readonly Opening[] } = {}): Promise<Line> {
  const server = await startSocketServer();
  server.next.push(...next);
  const observer = recordingObserver();
  const time = createManualTime();
  const logs: string[] = [];
  const pauses: number[] = [];
  const reached: string[] = [];
  const log = (message: string, facts?: LogFacts): void => void logs.push(`${message} ${JSON.stringify(facts ?? {})}`);
  const logger = { ...silentLogger, warn: log, error: log };
  const transport = createSockets({
    appToken: new Secret("xapp-made-up-canary"),
    apiUrl: server.apiUrl,
    clock: time.clock,
    timers: time.timers,
    observer,
    logger,
    delay: async (milliseconds) => {
      pauses.push(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    },
    onConnected: () => {},
    connectMs: 5000,
    connections,
  });
  const config = { botToken: new Secret("xoxb-made-up"), channel: "C1", apiUrl: server.apiUrl };
  const app = await createBoltApp(config, transport.receiver, logger);
  app.command("/vault", async ({ ack, command }) => {
    reached.push(command.text);
    await ack();
  });
  transport.start();
  await until(() => transport.state() === "connected");
  return {
    server,
    transport,
    observer,
    time,
    logs,
    pauses,
    reached,
    [Symbol.asyncDispose]: async () => {
      await transport.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Lets the second connection come, which begins later. */
async function withBoth(line: Line): Promise<void> {
  await line.time.advance(5000);
  await until(() => line.transport.connections() === 2);
}

describe("the connections of socket mode", () => {
  it("are as many as asked, begin apart, and are told to the observer", async () => {
    await using line = await openLine({ connections: 3 });
    await line.time.advance(4999);
    expect(line.server.open()).toHaveLength(1);
    await line.time.advance(1);
    await until(() => line.transport.connections() === 2);
    await line.time.advance(5000);
    await until(() => line.transport.connections() === 3);
    expect(line.observer.connections).toEqual(["opened", "opened", "opened"]);
    await line.transport.stop();
    expect([line.transport.state(), line.transport.connections()]).toEqual(["stopped", 0]);
    expect(line.observer.connections.filter((event) => event === "lost")).toHaveLength(3);
  });

  it("are never more than slack takes", async () => {
    await using line = await openLine({ connections: 40 });
    await line.time.advance(40 * 5000);
    await until(() => line.transport.connections() === 10);
    expect(line.server.openings()).toBe(10);
  });

  it("hand what comes over any of them to the one app, and ack it there", async () => {
    await using line = await openLine({ connections: 2 });
    await withBoth(line);
    for (const [index, connection] of line.server.open().entries()) line.server.deliver(connection, `E${index}`);
    await until(() => line.server.acked.length === 2);
    expect(line.reached).toEqual(["help", "help"]);
    expect(line.observer.acks).toEqual(["command", "command"]);
  });

  it("lose no envelope while one of them is renewed again and again: another is open at every moment", async () => {
    await using line = await openLine({ connections: 2 });
    await withBoth(line);
    let sent = 0;
    let fewest = 2;
    for (let round = 0; round < 10; round++) {
      const [oldest] = line.server.open();
      oldest?.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
      // Slack uses no connection any more that it has told to go.
      const [, other] = line.server.open();
      const renewed = line.server.openings();
      do {
        fewest = Math.min(fewest, line.transport.connections() ?? 0);
        if (other !== undefined) line.server.deliver(other, `E${(sent += 1)}`);
        await new Promise((resolve) => setImmediate(resolve));
      } while (line.server.openings() === renewed || line.transport.connections() !== 2);
    }
    await until(() => line.server.acked.length === sent);
    expect(new Set(line.server.acked).size).toBe(sent);
    expect(fewest).toBe(1);
  });

  it("are renewed at once, but not in a circle when slack ends each as soon as it is made", async () => {
    await using line = await openLine();
    for (let round = 1; round <= 5; round++) {
      line.server.open()[0]?.close(1000);
      await until(() => line.server.openings() === round + 1 && line.transport.state() === "connected");
    }
    expect(line.pauses).toEqual([500, 1000]);
    await line.time.advance(5000);
    line.server.open()[0]?.close(1000);
    await until(() => line.server.openings() === 7 && line.transport.state() === "connected");
    expect(line.pauses).toHaveLength(2);
  });

  it("are tried for again with growing pauses, half a minute at most, and no more after one that came", async () => {
    const refused = { answer: { ok: false, error: "internal_error" } };
    await using line = await openLine({ next: Array.from({ length: 8 }, () => refused) });
    expect(line.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    line.server.next.push(refused);
    line.server.open()[0]?.terminate();
    await until(() => line.server.openings() === 11 && line.transport.state() === "connected");
    expect(line.pauses.slice(8)).toEqual([500]);
  });

  it("are made anew when nothing came for ten minutes: they may be deaf", async () => {
    await using line = await openLine();
    await line.time.advance(599_000);
    line.server.deliver(line.server.open()[0] ?? unasked(), "E1");
    await until(() => line.server.acked.length === 1);
    await line.time.advance(599_000);
    expect(line.server.openings()).toBe(1);
    await line.time.advance(1000);
    await until(() => line.server.openings() === 2 && line.transport.state() === "connected");
    line.server.deliver(line.server.open()[0] ?? unasked(), "E2");
    await until(() => line.server.acked.length === 2);
  });

  it("leave nothing behind when they are stopped while slack is silent", async () => {
    await using line = await openLine({ connections: 2 });
    for (const connection of line.server.open()) connection.pause();
    await line.transport.stop();
    await line.time.advance(20_000);
    expect([line.transport.state(), line.server.openings()]).toEqual(["stopped", 1]);
  });
});

describe("whatever slack answers, the process lives and connects again", () => {
  it.each([
    { name: "invalid_auth", opening: { answer: { ok: false, error: "invalid_auth" } } },
    { name: "account_inactive", opening: { answer: { ok: false, error: "account_inactive" } } },
    { name: "an error that nobody knows", opening: { answer: { ok: false, error: "made_up" } } },
    { name: "a 500", opening: { status: 500 } },
    { name: "a 429", opening: { status: 429 } },
    { name: "a page in place of an answer", opening: { status: 200, body: "<html>maintenance</html>" } },
    { name: "null", opening: { answer: null } },
    { name: "no address", opening: { answer: { ok: true } } },
    { name: "an address that is none", opening: { answer: { ok: true, url: "not an address" } } },
    { name: "an address where nobody is", opening: { answer: { ok: true, url: "ws://127.0.0.1:9/" } } },
    { name: "a connection that is refused", opening: { upgrade: "refuse" } },
    { name: "a connection that is cut while it is made", opening: { upgrade: "cut" } },
  ] satisfies readonly { name: string; opening: Opening }[])("$name", async ({ opening }) => {
    unhandled.length = 0;
    await using line = await openLine({ next: [opening, opening] });
    expect(line.server.openings()).toBe(3);
    expect(line.pauses).toEqual([500, 1000]);
    line.server.next.push(opening);
    line.server.open()[0]?.terminate();
    await until(() => line.server.openings() === 5 && line.transport.state() === "connected");
    line.server.deliver(line.server.open()[0] ?? unasked(), "E1");
    await until(() => line.server.acked.length === 1);
    expect(line.logs.join("\n")).not.toContain("canary");
    expect(unhandled).toEqual([]);
  });

  it.each([
    { name: "an event that slack holds back events", text: envelope("events_api", { type: "app_rate_limited" }) },
    { name: "an event without an event", text: envelope("events_api", {}) },
    { name: "an event without a payload", text: JSON.stringify({ envelope_id: "E0", type: "events_api" }) },
    { name: "an interaction without a payload", text: JSON.stringify({ envelope_id: "E0", type: "interactive" }) },
    { name: "an interaction of no kind", text: envelope("interactive", { type: "hologram" }) },
    { name: "a click without anything", text: envelope("interactive", { type: "block_actions" }) },
    { name: "null", text: "null" },
    { name: "a number", text: "7" },
    { name: "no JSON", text: "<html>" },
    { name: "nothing", text: "" },
  ])("also over the connection: $name", async ({ text }) => {
    unhandled.length = 0;
    await using line = await openLine();
    const [connection = unasked()] = line.server.open();
    connection.send(text);
    connection.send(Buffer.from([1, 2, 3]));
    line.server.deliver(connection, "E1");
    await until(() => line.server.acked.includes("E1"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
    expect(line.server.openings()).toBe(1);
  });
});

function envelope(type: string, payload: object): string {
  return JSON.stringify({ envelope_id: "E0", type, payload });
}

function unasked(): never {
  throw new Error("there is no connection");
}
