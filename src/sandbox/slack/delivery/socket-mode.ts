import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { isPart } from "../part.ts";
import type { Workspace } from "../workspace.ts";
import { failed, firstAcked, type Attempt, type Envelope, type Transport } from "./delivery.ts";

/** SocketMode carries envelopes to the app over WebSockets: each to one connection, which take turns. */
export type SocketMode = Transport & {
  /** Gives the address of a connection to be; each is good for one. */
  readonly ticket: (base: string) => string;
  readonly connections: () => number;
  /** Tells every connection that it will be refreshed soon (`disconnect`, `warning`); envelopes go to others when there are any. */
  readonly warnAll: () => void;
  /** Tells every connection to go (`disconnect`, `refresh_requested`) and closes them. */
  readonly disconnectAll: () => void;
  /** Breaks every connection without a word. */
  readonly dropAll: () => void;
  /** Neither reads nor writes on the open connections until `thaw`: no pongs, no acks, and envelopes wait. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Takes new connections and never says a word on them, until `unmute`; open ones stay as they are. */
  readonly mute: () => void;
  readonly unmute: () => void;
  /** Refuses new connections, or takes them again. */
  readonly refuse: (on: boolean) => void;
  readonly close: () => void;
};

/** More connections than this are sent away with `too_many_websockets`. */
export const MAX_CONNECTIONS = 10;

/** Slack pings its clients; they take long silence for the end of the connection. */
const PING_MS = 5000;

type Client = { readonly socket: WebSocket; warned: boolean; frozen: boolean; readonly held: string[] };

type Hub = {
  readonly workspace: Workspace;
  readonly clients: Set<Client>;
  readonly waiting: Map<string, (attempt: Attempt) => void>;
  readonly tickets: Set<string>;
  readonly unanswered: Set<Duplex>;
  readonly ackMs: number;
  turn: number;
  muted: boolean;
  refusing: boolean;
};

/** Serves Socket Mode at `/socket` of an HTTP server. */
export function serveSocketMode(server: Server, workspace: Workspace, ackMs: number): SocketMode {
  const sockets = new WebSocketServer({ noServer: true });
  const hub: Hub = {
    workspace,
    clients: new Set(),
    waiting: new Map(),
    tickets: new Set(),
    unanswered: new Set(),
    ackMs,
    turn: 0,
    muted: false,
    refusing: false,
  };
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (hub.refusing) return void socket.destroy();
    if (hub.muted) return keepUnanswered(hub.unanswered, socket);
    if (!hub.tickets.delete(request.url ?? "")) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (connection) => greet(hub, connection));
  });
  const pings = setInterval(() => {
    for (const { socket, frozen } of open(hub)) if (!frozen) socket.ping("Ping from the stand-in");
  }, PING_MS).unref();
  return {
    ...controls(hub),
    ticket: (base) => {
      const path = `/socket?ticket=${randomUUID()}`;
      hub.tickets.add(path);
      return `${base.replace("http:", "ws:")}${path}`;
    },
    attempt: async (envelope, twice) => {
      const first = post(hub, envelope);
      return twice ? await firstAcked(first, post(hub, envelope)) : await first;
    },
    close: () => {
      clearInterval(pings);
      for (const { socket } of hub.clients) socket.terminate();
      for (const socket of hub.unanswered) socket.destroy();
      for (const settle of hub.waiting.values()) settle(failed("connection_failed"));
      sockets.close();
    },
  };
}

function controls(hub: Hub): Omit<SocketMode, "ticket" | "attempt" | "close"> {
  return {
    connections: () => open(hub).length,
    warnAll: () => {
      for (const client of open(hub)) {
        client.warned = true;
        say(client, { type: "disconnect", reason: "warning", debug_info: DEBUG_INFO });
      }
    },
    disconnectAll: () => {
      for (const client of open(hub)) {
        say(client, { type: "disconnect", reason: "refresh_requested", debug_info: DEBUG_INFO });
        client.socket.close(1000);
      }
    },
    dropAll: () => {
      for (const { socket } of open(hub)) socket.terminate();
    },
    freeze: () => {
      for (const client of open(hub)) {
        client.frozen = true;
        client.socket.pause();
      }
    },
    thaw: () => {
      for (const client of open(hub)) thaw(client);
    },
    mute: () => {
      hub.muted = true;
    },
    unmute: () => {
      hub.muted = false;
    },
    refuse: (on) => {
      hub.refusing = on;
    },
  };
}

const DEBUG_INFO = { host: "stand-in" };

function open({ clients }: Hub): readonly Client[] {
  return [...clients].filter(({ socket }) => socket.readyState === socket.OPEN);
}

function say(client: Client, message: object): void {
  if (client.frozen) client.held.push(JSON.stringify(message));
  else client.socket.send(JSON.stringify(message));
}

function thaw(client: Client): void {
  client.frozen = false;
  client.socket.resume();
  for (const text of client.held.splice(0)) client.socket.send(text);
}

async function post(hub: Hub, { kind, payload, retry }: Envelope): Promise<Attempt> {
  const connections = open(hub);
  const fresh = connections.filter(({ warned }) => !warned);
  const choice = fresh.length > 0 ? fresh : connections;
  const client = choice[hub.turn++ % Math.max(1, choice.length)];
  if (client === undefined) return failed("connection_failed");
  const id = randomUUID();
  const acked = waitForAck(hub, id);
  say(client, {
    envelope_id: id,
    type: kind,
    payload,
    accepts_response_payload: kind !== "events_api",
    ...(kind === "events_api" ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? "" } : {}),
  });
  return await acked;
}

async function waitForAck({ waiting, ackMs }: Hub, id: string): Promise<Attempt> {
  return await new Promise((resolve) => {
    const settle = (attempt: Attempt): void => {
      clearTimeout(timer);
      waiting.delete(id);
      resolve(attempt);
    };
    const timer = setTimeout(() => settle(failed("timeout")), ackMs);
    waiting.set(id, settle);
  });
}

function keepUnanswered(unanswered: Set<Duplex>, socket: Duplex): void {
  unanswered.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => unanswered.delete(socket));
  socket.resume();
}

function greet(hub: Hub, socket: WebSocket): void {
  const client: Client = { socket, warned: false, frozen: false, held: [] };
  socket.on("error", () => socket.terminate());
  if (open(hub).length >= MAX_CONNECTIONS) {
    say(client, { type: "disconnect", reason: "too_many_websockets", debug_info: DEBUG_INFO });
    return socket.close(1000);
  }
  hub.clients.add(client);
  socket.on("close", () => {
    hub.clients.delete(client);
    hub.workspace.changed();
  });
  say(client, {
    type: "hello",
    num_connections: open(hub).length,
    connection_info: { app_id: "A0SEALWATCH" },
    debug_info: { ...DEBUG_INFO, approximate_connection_time: 18_060 },
  });
  socket.on("message", (data: Buffer) => takeAck(hub, data));
  hub.workspace.changed();
}

function takeAck({ workspace, waiting }: Hub, data: Buffer): void {
  const ack: unknown = JSON.parse(data.toString("utf8"));
  if (!isPart(ack)) return;
  workspace.payloads.push({ via: "ack", body: ack["payload"] });
  const payload = isPart(ack["payload"]) ? ack["payload"] : {};
  waiting.get(String(ack["envelope_id"]))?.({ outcome: "acked", payload });
}
