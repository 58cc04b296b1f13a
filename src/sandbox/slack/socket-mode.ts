import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { isPart, type Part } from "./part.ts";
import type { Workspace } from "./workspace.ts";

/** What became of an interaction: the app's ack with its payload, or Slack's "dispatch_failed". */
export type Delivery = { readonly outcome: "acked"; readonly payload: Part } | { readonly outcome: "dispatch_failed" };

/** SocketMode carries envelopes to the app over WebSockets. */
export type SocketMode = {
  /** Sends an envelope over one of the connections and waits for its ack, three seconds at most (`ackMs`). Slack never tries again. */
  readonly deliver: (type: "slash_commands" | "interactive" | "events_api", payload: Part) => Promise<Delivery>;
  readonly connections: () => number;
  /** Tells every connection to go (`disconnect`, `refresh_requested`) and closes them. */
  readonly disconnectAll: () => void;
  /** Breaks every connection without a word. */
  readonly dropAll: () => void;
  /** Stops reading and answering pings on every connection, until `thaw`. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Takes new connections and never says a word on them, until `unmute`; open ones stay as they are. */
  readonly mute: () => void;
  readonly unmute: () => void;
  readonly close: () => void;
};

const MAX_CONNECTIONS = 10;

type Waiting = { readonly settle: (delivery: Delivery) => void };

/** Serves Socket Mode at `/socket` of an HTTP server. */
export function serveSocketMode(server: Server, workspace: Workspace, ackMs: number): SocketMode {
  const sockets = new WebSocketServer({ noServer: true, clientTracking: true });
  const waiting = new Map<string, Waiting>();
  const unanswered = new Set<Duplex>();
  let turn = 0;
  let muted = false;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (muted) return keepUnanswered(unanswered, socket);
    if (request.url !== "/socket" || sockets.clients.size >= MAX_CONNECTIONS) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (connection) => greet(connection, workspace, waiting));
  });
  const open = (): WebSocket[] => [...sockets.clients].filter((client) => client.readyState === client.OPEN);
  return {
    connections: () => open().length,
    deliver: async (type, payload) => {
      const connections = open();
      const connection = connections[turn++ % Math.max(1, connections.length)];
      if (connection === undefined) return { outcome: "dispatch_failed" };
      const id = workspace.nextId("E");
      const acked = waitForAck(waiting, id, ackMs);
      connection.send(
        JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: type !== "events_api" }),
      );
      return await acked;
    },
    disconnectAll: () => {
      for (const client of open()) {
        client.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
        client.close(1000);
      }
    },
    dropAll: () => {
      for (const client of open()) client.terminate();
    },
    freeze: () => {
      for (const client of open()) client.pause();
    },
    thaw: () => {
      for (const client of open()) client.resume();
    },
    mute: () => {
      muted = true;
    },
    unmute: () => {
      muted = false;
    },
    close: () => {
      for (const client of sockets.clients) client.terminate();
      for (const socket of unanswered) socket.destroy();
      for (const { settle } of waiting.values()) settle({ outcome: "dispatch_failed" });
      sockets.close();
    },
  };
}

function keepUnanswered(unanswered: Set<Duplex>, socket: Duplex): void {
  unanswered.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => unanswered.delete(socket));
  socket.resume();
}

function greet(connection: WebSocket, workspace: Workspace, waiting: ReadonlyMap<string, Waiting>): void {
  connection.send(JSON.stringify({ type: "hello", num_connections: 1, connection_info: { app_id: "A0SEALWATCH" } }));
  connection.on("error", () => connection.terminate());
  connection.on("message", (data: Buffer) => {
    const ack: unknown = JSON.parse(data.toString("utf8"));
    if (!isPart(ack)) return;
    workspace.payloads.push({ via: "ack", body: ack["payload"] });
    const payload = isPart(ack["payload"]) ? ack["payload"] : {};
    waiting.get(String(ack["envelope_id"]))?.settle({ outcome: "acked", payload });
  });
}

async function waitForAck(waiting: Map<string, Waiting>, id: string, ackMs: number): Promise<Delivery> {
  return await new Promise((resolve) => {
    const settle = (delivery: Delivery): void => {
      clearTimeout(timer);
      waiting.delete(id);
      resolve(delivery);
    };
    const timer = setTimeout(() => settle({ outcome: "dispatch_failed" }), ackMs);
    waiting.set(id, { settle });
  });
}
