import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createMetricsRouter, type MetricsRouterOptions } from "../../src/exporter/router.ts";
import { createSelf } from "../../src/exporter/self.ts";
import { clock } from "./scrape.ts";

/** A running server with the router, on a free port; disposal ends it. */
export type Served = AsyncDisposable & { readonly url: string };

/** Serves the router with these options over a real socket. */
export async function serve(options: Partial<MetricsRouterOptions>): Promise<Served> {
  const app = express();
  app.use(
    createMetricsRouter({
      clusters: [],
      collectors: [],
      clock,
      timeouts: { defaultMs: 9000, offsetMs: 500 },
      self: createSelf({ version: "0.1.0", nodeVersion: "v24.0.0" }),
      ready: () => ({ ready: true }),
      ...options,
    }),
  );
  app.use((_request, response) => {
    response.status(404).end("not the router's");
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
