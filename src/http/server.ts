import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as TlsServer } from "node:tls";
import { isNativeError } from "node:util/types";
import express, { type Express, type Router } from "express";
import type { Clock } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";
import { silentLogger, type Logger } from "../lib/logger.ts";
import { watchConnections, type Connections } from "./connections.ts";
import { answerError, answerNotFound } from "./errors.ts";
import { createGuard } from "./guard.ts";
import { parseListen } from "./listen.ts";
import { securityHeaders } from "./security-headers.ts";
import type { WebAccess } from "./web-access.ts";
import { createWebServer } from "./web-server.ts";

/** How long requests under way may go on after `close`, in milliseconds. */
const GRACE_MS = 5000;

/** How long a client may take to send a request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** What the server serves. Routers are asked in their order; each brings the body parsers it wants. */
export type HttpOptions = {
  /** `host:port`; port 0 takes a free one, an empty host listens everywhere. */
  readonly listen: string;
  readonly routers: readonly Router[];
  /** Who may reach it; default: everybody who can connect, in the clear. */
  readonly web?: { readonly access: WebAccess; readonly clock: Clock };
  readonly logger?: Logger;
};

/** HttpServer is a listening server. */
export type HttpServer = {
  /** `http://host:port` or `https://…` with the real port; a host that means "everywhere" becomes the loopback address. */
  readonly address: string;
  /** Takes no more connections, ends idle ones, and the rest after 5 s. */
  readonly close: () => Promise<void>;
};

/** Starts the one HTTP server of the program; throws `FailureError` when it cannot listen. */
export async function startHttpServer({
  listen,
  routers,
  web,
  logger = silentLogger,
}: HttpOptions): Promise<HttpServer> {
  const { host, port } = parseListen(listen);
  const server = createWebServer(createApp({ routers, logger, ...(web === undefined ? {} : { web }) }), {
    access: web?.access,
    logger,
  });
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

function createApp({ routers, web, logger = silentLogger }: Omit<HttpOptions, "listen">): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.use(securityHeaders);
  if (web !== undefined) app.use(createGuard(web.access, web.clock));
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
  const scheme = server instanceof TlsServer ? "https" : "http";
  if (address === "0.0.0.0" || address === "::") return `${scheme}://127.0.0.1:${port}`;
  return `${scheme}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
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
