import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createRawServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { FailureReason } from "../../src/lib/failure.ts";

/** FaultServer is a server that misbehaves in one way, whatever it is asked. */
export type FaultServer = AsyncDisposable & { readonly address: string };

/** Fault is one way to misbehave, and what a call may say of it. */
export type Fault = {
  readonly name: string;
  readonly reasons: readonly FailureReason[];
  readonly start: () => Promise<FaultServer>;
};

const PROXY_PAGE = "<!DOCTYPE html><html><head><title>502</title></head><body>Bad Gateway</body></html>";
const WRONG_TYPES = JSON.stringify({
  initialized: "yes",
  sealed: 0,
  standby: null,
  type: 7,
  data: [1, "two", { three: null }],
  keys: {},
  errors: "none",
  auth: "nobody",
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Every way to misbehave in which a connection comes about and TLS plays no part. */
export const faults: readonly Fault[] = [
  { name: "never answers", reasons: ["timeout"], start: () => serve(() => {}) },
  { name: "accepts the connection and says nothing", reasons: ["timeout"], start: () => serveRaw(() => {}) },
  {
    name: "resets the connection",
    reasons: ["unreachable"],
    start: () => serveRaw((socket) => socket.resetAndDestroy()),
  },
  {
    name: "resets it in the middle of the answer",
    reasons: ["unreachable"],
    start: () =>
      serve((_request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write(`{"data":{`, () => response.socket?.resetAndDestroy());
      }),
  },
  { name: "drips a byte at a time", reasons: ["timeout"], start: () => serve((_request, response) => drip(response)) },
  {
    name: "answers 500 in Vault's words",
    reasons: ["server-error"],
    start: () => serve(json(500, { errors: ["internal error"] })),
  },
  { name: "answers 502 with a proxy's page", reasons: ["server-error"], start: () => serve(text(502, PROXY_PAGE)) },
  { name: "answers 503 with nothing", reasons: ["server-error", "invalid-answer"], start: () => serve(text(503, "")) },
  {
    name: "answers 429 with Retry-After",
    reasons: ["rate-limited"],
    start: () => serve(json(429, { errors: ["request path: rate limit quota exceeded"] }, { "retry-after": "7" })),
  },
  {
    name: "answers 429 without Retry-After",
    reasons: ["rate-limited"],
    start: () => serve(json(429, { errors: ["rate limit quota exceeded"] })),
  },
  { name: "answers 200 with a page of HTML", reasons: ["invalid-answer"], start: () => serve(text(200, PROXY_PAGE)) },
  { name: "answers 200 with nothing", reasons: ["invalid-answer"], start: () => serve(text(200, "")) },
  {
    name: "answers with JSON that was cut off",
    reasons: ["invalid-answer"],
    start: () => serve(text(200, `{"data":{"keys":["a"`)),
  },
  { name: "answers with other types", reasons: ["invalid-answer"], start: () => serve(text(200, WRONG_TYPES)) },
  { name: "answers with null", reasons: ["invalid-answer"], start: () => serve(text(200, "null")) },
  {
    name: "never ends its answer (2 GB and more)",
    reasons: ["too-large", "timeout"],
    start: () => serve((_request, response) => flood(response)),
  },
  {
    name: "speaks no HTTP",
    reasons: ["invalid-answer"],
    start: () => serveRaw((socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n")),
  },
];

/** Starts a server that sends whoever asks to `target`. */
export async function startRedirecting(target: string): Promise<FaultServer> {
  return await serve((request, response) => {
    response.writeHead(307, { location: `${target}${request.url ?? ""}` }).end();
  });
}

/** Starts a server that remembers who asked it with what. */
export async function startListener(): Promise<FaultServer & { readonly seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = await serve((request, response) => {
    seen.push(request);
    response.end("{}");
  });
  return { ...server, seen };
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, response) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function text(status: number, body: string): Answer {
  return (_request, response) => void response.writeHead(status, { "content-type": "text/html" }).end(body);
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const dripping = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(dripping));
}

function flood(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const chunk = Buffer.alloc(64 * 1024, "[");
  const pump = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", pump);
  pump();
}

async function serve(answer: Answer): Promise<FaultServer> {
  const server = createServer(answer);
  server.on("connection", (socket) => socket.on("error", () => {}));
  return await listening(server, () => server.closeAllConnections());
}

async function serveRaw(connected: (socket: Socket) => void): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    connected(socket);
  });
  return await listening(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listening(server: Server, closeAll: () => void): Promise<FaultServer> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      closeAll();
      await once(server, "close");
    },
  };
}
