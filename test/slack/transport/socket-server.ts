import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";

/** What the server does with the next call of `apps.connections.open`, or with the next connection. */
export type Opening =
  | { readonly status: number; readonly body?: string }
  | { readonly answer: unknown }
  /** Takes the call, and ends the connection while it is being made. */
  | { readonly upgrade: "cut" | "refuse" };

/** SocketServer is Slack's side of Socket Mode, bare: it does what a test says and nothing else. */
export type SocketServer = AsyncDisposable & {
  readonly apiUrl: string;
  /** What happens at the next openings, in order; after these they go well. */
  readonly next: Opening[];
  /** Openings so far, good and bad. */
  readonly openings: () => number;
  /** Connections that are open, oldest first. */
  readonly open: () => readonly WebSocket[];
  /** Envelopes that were acked. */
  readonly acked: readonly string[];
  /** Sends a slash command over one connection. */
  readonly deliver: (connection: WebSocket, id: string) => void;
};

export async function startSocketServer(): Promise<SocketServer> {
  const next: Opening[] = [];
  const acked: string[] = [];
  const connections: WebSocket[] = [];
  let openings = 0;
  let upgrade: "cut" | "refuse" | undefined;
  const server = createServer((request, response) => {
    if (request.url !== "/api/apps.connections.open") {
      response.writeHead(404).end();
      return;
    }
    openings += 1;
    const opening = next.shift();
    upgrade = opening !== undefined && "upgrade" in opening ? opening.upgrade : undefined;
    const { port } = server.address() as AddressInfo;
    answerOpening(response, opening, `ws://127.0.0.1:${port}/socket`);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket: Duplex, head) => {
    if (upgrade !== undefined) {
      if (upgrade === "refuse") socket.end("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
      else socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connections.push(connection);
      connection.on("error", () => connection.terminate());
      connection.on("message", (data: Buffer) => {
        acked.push((JSON.parse(data.toString("utf8")) as { envelope_id: string }).envelope_id);
      });
      connection.send(JSON.stringify({ type: "hello" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    next,
    openings: () => openings,
    open: () => connections.filter(({ readyState, OPEN }) => readyState === OPEN),
    acked,
    deliver: (connection, id) =>
      connection.send(JSON.stringify({ envelope_id: id, type: "slash_commands", payload: COMMAND })),
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) connection.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const COMMAND = {
  command: "/vault",
  text: "help",
  team_id: "T1",
  user_id: "U1",
  channel_id: "C1",
  trigger_id: "1.2.3",
};

function answerOpening(response: ServerResponse, opening: Opening | undefined, url: string): void {
  if (opening !== undefined && "status" in opening) return void response.writeHead(opening.status).end(opening.body);
  const answer = opening !== undefined && "answer" in opening ? opening.answer : { ok: true, url };
  response
    .writeHead(200, { "content-type": "application/json" })
    .end(typeof answer === "string" ? answer : JSON.stringify(answer));
}
