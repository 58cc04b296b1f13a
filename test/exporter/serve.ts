import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { systemTimers } from "../../src/app/system.ts";
import { createCallRecorder } from "../../src/exporter/call-recorder.ts";
import type { Collector } from "../../src/exporter/collector.ts";
import type { ExporterSetup, ScrapeModule } from "../../src/exporter/exporter-setup.ts";
import { createProbeHistory } from "../../src/exporter/probe-history.ts";
import { createMetricsRouter, type MetricsRouterOptions } from "../../src/exporter/router.ts";
import { createSelf } from "../../src/exporter/self.ts";
import { clock } from "./scrape.ts";

/** A running server with the router, on a free port; disposal ends it. */
export type Served = AsyncDisposable & { readonly url: string };

/** What is served: the router's options, and the setup's parts without their wrapping. */
export type ServeOptions = Partial<
  Omit<MetricsRouterOptions, "setup"> & Pick<ExporterSetup, "clusters" | "timeouts">
> & {
  /** Of the default module. */
  readonly collectors?: readonly Collector[];
  readonly passthrough?: ScrapeModule["passthrough"];
  /** Besides the default one. */
  readonly modules?: Readonly<Record<string, ScrapeModule>>;
};

/** Serves the router with these options over a real socket. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { clusters = [], collectors = [], passthrough, modules = {}, timeouts, ...rest } = options;
  const setup: ExporterSetup = {
    clusters,
    modules: new Map(Object.entries({ default: { collectors, passthrough }, ...modules })),
    timeouts: timeouts ?? { defaultMs: 9000, offsetMs: 500 },
  };
  const app = express();
  app.set("query parser", "simple");
  app.use(
    createMetricsRouter({
      setup: () => setup,
      clock,
      timers: systemTimers,
      self: createSelf({ version: "0.1.0", nodeVersion: "v24.0.0" }),
      recorder: createCallRecorder(clock),
      history: createProbeHistory(),
      ...rest,
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
