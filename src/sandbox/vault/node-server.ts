import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errors } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { Faults } from "./faults.ts";

/** SimulatedRequest is what a node was asked. */
export type SimulatedRequest = {
  readonly method: string;
  /** Below `/v1/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  readonly forwardingForbidden: boolean;
  readonly body: Readonly<Record<string, unknown>>;
};

/** How a node's server behaves, and who answers. */
export type NodeServerOptions = {
  readonly faults: Faults;
  readonly note: (request: SimulatedRequest) => void;
  /** Resolves when the node may go on: after the latency, and not while it is frozen. */
  readonly held: () => Promise<void>;
  readonly answer: (request: SimulatedRequest) => SimulatedAnswer;
};

/** NodeServer is the HTTP server of one simulated node, on one loopback port for its whole life. */
export type NodeServer = {
  readonly port: () => number;
  readonly listen: () => Promise<void>;
  /** Ends every connection; the port then refuses new ones. */
  readonly close: () => Promise<void>;
};

/** Creates a node's server; it listens after `listen`. */
export function createNodeServer(options: NodeServerOptions): NodeServer {
  let port = 0;
  let server: Server | undefined;
  return {
    port: () => port,
    listen: async () => {
      if (server !== undefined) return;
      const opened = createServer((request, response) => {
        serve(request, response, options).catch(() => response.destroy());
      });
      await new Promise<void>((resolve, reject) => {
        opened.once("error", reject);
        opened.listen(port, "127.0.0.1", resolve);
      });
      server = opened;
      port = (opened.address() as AddressInfo).port;
    },
    close: async () => {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      await new Promise((resolve) => {
        closing.close(resolve);
        closing.closeAllConnections();
      });
    },
  };
}

async function serve(incoming: IncomingMessage, response: ServerResponse, options: NodeServerOptions): Promise<void> {
  const request = await readRequest(incoming);
  options.note(request);
  await options.held();
  const fault = options.faults.take(request.path);
  if (fault === "drop-before") response.destroy();
  else if (fault === "500") sendAnswer(response, errors(500, "internal error"));
  else {
    const answer = options.answer(request);
    if (fault === "drop-after-effect") response.destroy();
    else sendAnswer(response, answer);
  }
}

async function readRequest(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://node");
  const { "x-vault-token": token, "x-vault-no-request-forwarding": forbidden } = incoming.headers;
  return {
    method: incoming.method ?? "GET",
    path: pathname.replace(/^\/v1\//u, ""),
    query: searchParams,
    token: Array.isArray(token) ? token[0] : token,
    forwardingForbidden: forbidden !== undefined,
    body: parseBody(Buffer.concat(chunks).toString("utf8")),
  };
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    return body !== null && typeof body === "object" ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function sendAnswer(response: ServerResponse, { statusCode, body, headers }: SimulatedAnswer): void {
  response.writeHead(statusCode, { "cache-control": "no-store", "content-type": "application/json", ...headers });
  response.end(contentOf(body));
}

function contentOf(body: unknown): string | Buffer {
  if (typeof body === "string" || Buffer.isBuffer(body)) return body;
  return body === undefined ? "" : `${JSON.stringify(body)}\n`;
}
