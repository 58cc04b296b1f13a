import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isNativeError } from "node:util/types";
import express, { type Express, type Router } from "express";
import { FailureError } from "../lib/failure.ts";
import { silentLogger, type Logger } from "../lib/logger.ts";
import { watchConnections, type Connections } from "./connections.ts";
import { answerError, answerNotFound } from "./errors.ts";
import { parseListen } from "./listen.ts";
import { securityHeaders } from "./security-headers.ts";

/** How long requests under way may go on after `close`, in milliseconds. */
const GRACE_MS = 5000;

/** How long a client may take to send a request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** What the server serves. Routers are asked in their order; each brings the body parsers it wants. */
export type HttpOptions = {
  /** `host:port`; port 0 takes a free one, an empty host listens everywhere. */
  readonly listen: string;
  readonly routers: readonly Router[];
  readonly logger?: Logger;
};

/** HttpServer is a listening server. */
export type HttpServer = {
  /** `http://host:port` with the real port; a host that means "everywhere" becomes the loopback address. */
  readonly address: string;
  /** Takes no more connections, ends idle ones, and the rest after 5 s. */
  readonly close: () => Promise<void>;
};

/** Starts the one HTTP server of the program; throws `FailureError` when it cannot listen. */
export async function startHttpServer({ listen, routers, logger = silentLogger }: HttpOptions): Promise<HttpServer> {
  const { host, port } = parseListen(listen);
  const server = createServer(createApp(routers, logger));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  const connections = watchConnections(server);
  try {
    server.listen({ port, ...(host === "" ? {} : { host }) });
    await once(server, "listening");
  } catch (error) {
    throw cannotListen(listen, error);
  }
  const address = addressOf(server);
  logger.info("listening", { address });
  return { address, close: async () => await close(server, connections) };
}

function createApp(routers: readonly Router[], logger: Logger): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.use(securityHeaders);
  for (const router of routers) app.use(router);
  app.use(answerNotFound);
  app.use(answerError(logger));
  return app;
}

function cannotListen(listen: string, error: unknown): FailureError {
  const code = isNativeError(error) && "code" in error ? String(error.code) : "unknown";
  const advice = code === "EADDRINUSE" ? "end the program that has the port" : "check the address and the rights";
  const message = `cannot listen on ${listen}: ${code}; ${advice}, or set "listen" in the configuration`;
  return new FailureError({ reason: "refused", message, retryable: false }, { cause: error });
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  if (address === "0.0.0.0" || address === "::") return `http://127.0.0.1:${port}`;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

async function close(server: Server, connections: Connections): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  connections.drain();
  const end = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(end);
}
