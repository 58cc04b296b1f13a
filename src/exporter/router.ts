import { Router, type Request, type Response } from "express";
import { toFailure } from "../lib/failure.ts";
import type { Clock } from "../lib/clock.ts";
import { silentLogger, type Logger } from "../lib/logger.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { collect } from "./collect.ts";
import type { Collector } from "./collector.ts";
import { expose, EXPOSITION_CONTENT_TYPE } from "./expose.ts";
import { createFailureLog } from "./failure-log.ts";
import { scrapeFamilies } from "./scrape-families.ts";
import { scrapeTimeoutMs, type ScrapeTimeouts } from "./scrape-timeout.ts";
import type { Self } from "./self.ts";

/** Whether the program can do its work, and if not, why, in words for whoever asks. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

/** What the metrics pages need. */
export type MetricsRouterOptions = {
  readonly clusters: readonly VaultCluster[];
  readonly collectors: readonly Collector[];
  readonly clock: Clock;
  readonly timeouts: ScrapeTimeouts;
  readonly self: Self;
  readonly ready: () => Readiness;
  readonly logger?: Logger;
  /** Gives a signal that ends after so many milliseconds; default: `AbortSignal.timeout`. */
  readonly deadline?: (milliseconds: number) => AbortSignal;
};

/** Creates the router of `/metrics`, `/-/healthy` and `/-/ready`; every other path is left to others. */
export function createMetricsRouter(options: MetricsRouterOptions): Router {
  const router = Router();
  const scrape = createScrape(options);
  router.get("/metrics", scrape);
  router.get("/-/healthy", (_request, response) => sendText(response, 200, "healthy\n"));
  router.get("/-/ready", (_request, response) => {
    const readiness = options.ready();
    if (readiness.ready) sendText(response, 200, "ready\n");
    else sendText(response, 503, `not ready: ${readiness.why}\n`);
  });
  return router;
}

function createScrape(options: MetricsRouterOptions): (request: Request, response: Response) => Promise<void> {
  const {
    clusters,
    self,
    timeouts,
    logger = silentLogger,
    deadline = (milliseconds: number) => AbortSignal.timeout(milliseconds),
  } = options;
  const logFailures = createFailureLog(logger);
  return async (request, response) => {
    const timeoutMs = scrapeTimeoutMs(request.get("X-Prometheus-Scrape-Timeout-Seconds"), timeouts);
    const signal = AbortSignal.any([deadline(timeoutMs), whenClosed(response)]);
    try {
      const outcomes = await collect({ ...options, signal, timeoutMs });
      // Nobody waits any more, and what was cut off with the connection is no failure.
      if (response.destroyed) return;
      logFailures(outcomes);
      const page = (await expose(scrapeFamilies(clusters, outcomes))) + (await self.expose());
      response.set("Content-Type", EXPOSITION_CONTENT_TYPE).end(page);
    } catch (error) {
      logger.error("page of metrics could not be written", { cause: toFailure(error).message });
      sendText(response, 500, "cannot write the page of metrics: see the log of sealwatch\n");
    }
  };
}

/** Nobody waits for a scrape whose connection is gone, so Vault is not asked on. */
function whenClosed(response: Response): AbortSignal {
  const closed = new AbortController();
  response.on("close", () => closed.abort());
  return closed.signal;
}

function sendText(response: Response, status: number, text: string): void {
  response.status(status).type("text/plain").end(text);
}
