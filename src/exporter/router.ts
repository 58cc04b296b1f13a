import { Router, type Request, type RequestHandler, type Response } from "express";
import type { Clock, Timers } from "../lib/clock.ts";
import { toFailure } from "../lib/failure.ts";
import { silentLogger, type Logger } from "../lib/logger.ts";
import type { CallRecorder } from "./call-recorder.ts";
import { chooseFormat } from "./choose-format.ts";
import { debugText } from "./debug-page.ts";
import { expose, type PageFormat } from "./expose.ts";
import { DEFAULT_MODULE, type ExporterSetup } from "./exporter-setup.ts";
import { createFailureLog } from "./failure-log.ts";
import { createLastSuccess } from "./last-success.ts";
import type { ProbeHistory } from "./probe-history.ts";
import { readProbeRequest, type ProbeRequest } from "./probe-request.ts";
import { everyTarget } from "./probe-target.ts";
import { limitReading } from "./reading-time.ts";
import { beginScrape, type ScrapeDeadline, type ScrapeDependencies, type Scraped } from "./scrape.ts";
import { scrapeTimeoutMs } from "./scrape-timeout.ts";
import type { Self } from "./self.ts";
import { sendExposition } from "./send-exposition.ts";
import { createTurnstile, type Turnstile } from "./turnstile.ts";

/** What the metrics pages need. */
export type MetricsRouterOptions = {
  /** Asked at every scrape, so that a reload counts from the next one on. */
  readonly setup: () => ExporterSetup;
  readonly clock: Clock;
  readonly self: Self;
  readonly recorder: CallRecorder;
  readonly history: ProbeHistory;
  readonly logger?: Logger;
  /** Gives a signal that ends after so many milliseconds; default: `AbortSignal.timeout`. */
  readonly deadline?: (milliseconds: number) => AbortSignal;
  /** By which clients end that do not read their page. */
  readonly timers: Timers;
};

/**
 * Two Prometheus servers and a person with a browser ask for the same at once; more are somebody's mistake, and Vault must not pay for it.
 * Scrapes do not share a round: whoever joined one would get what was true before they asked, by a deadline that is not theirs.
 */
const AT_ONCE = { perKey: 4, together: 64 };

type Scraper = Required<Pick<MetricsRouterOptions, "setup" | "self" | "logger" | "deadline" | "timers">> &
  ScrapeDependencies & { readonly turnstile: Turnstile };

/** Creates the router of `/metrics` and `/probe`; every other path is left to others. */
export function createMetricsRouter(options: MetricsRouterOptions): Router {
  const { logger = silentLogger, deadline = (milliseconds) => AbortSignal.timeout(milliseconds) } = options;
  const scraper: Scraper = {
    ...options,
    logger,
    deadline,
    lastSuccess: createLastSuccess(options.clock),
    logFailures: createFailureLog(logger),
    turnstile: createTurnstile(AT_ONCE),
  };
  const router = Router();
  router.get("/metrics", everything(scraper));
  router.get("/probe", probe(scraper));
  return router;
}

function everything(scraper: Scraper): RequestHandler {
  return async (request, response) => {
    const { clusters, modules } = scraper.setup();
    const module = modules.get(DEFAULT_MODULE) ?? { collectors: [] };
    const asked = { target: everyTarget(clusters), moduleName: DEFAULT_MODULE, module, debug: false };
    await answer(scraper, asked, { request, response });
  };
}

function probe(scraper: Scraper): RequestHandler {
  return async (request, response) => {
    const reading = readProbeRequest(request.query, scraper.setup());
    if (reading.ok) await answer(scraper, reading.request, { request, response });
    else sendText(response, 400, `${reading.error}\n`);
  };
}

type Exchange = { readonly request: Request; readonly response: Response };

async function answer(scraper: Scraper, asked: ProbeRequest, exchange: Exchange): Promise<void> {
  const leave = scraper.turnstile.enter(`${asked.target.name} ${asked.moduleName}`);
  if (leave === undefined) {
    exchange.response.set("Retry-After", "1");
    sendText(exchange.response, 503, "cannot scrape now: too many scrapes of this are under way; ask less often\n");
    return;
  }
  const callOff = limitReading(exchange.request, timeoutOf(scraper, asked, exchange.request), scraper.timers);
  try {
    await (asked.debug ? sendDebug(scraper, asked, exchange) : sendMetrics(scraper, asked, exchange));
  } catch (error) {
    scraper.logger.error("page of metrics could not be written", { cause: toFailure(error).message });
    if (exchange.response.headersSent) exchange.response.destroy();
    else sendText(exchange.response, 500, "cannot write the page of metrics: see the log of sealwatch\n");
  } finally {
    callOff();
    leave();
  }
}

async function sendMetrics(scraper: Scraper, asked: ProbeRequest, { request, response }: Exchange): Promise<void> {
  const format = formatFor(asked, request);
  if (request.method === "HEAD") {
    // Whoever asks for the headers alone need not wait for Vault.
    await sendExposition(request, response, { format, parts: [] });
    return;
  }
  const deadline = deadlineOf(scraper, asked, { request, response });
  const { native, nativeFamilies, scraped } = beginScrape(asked, { ...deadline, withNative: true }, scraper);
  const own = ownPage(scraper, asked, { scraped, format });
  if (native === undefined) {
    const page = await own;
    if (!response.destroyed) await sendExposition(request, response, { format, parts: [() => page] });
    return;
  }
  // When the page breaks off before its turn comes, nobody waits for it.
  own.catch(() => undefined);
  const told = (): string => expose(nativeFamilies(), format);
  await sendExposition(request, response, { format, parts: [native, own, told] });
}

/** Vault writes Prometheus' text and its names are not OpenMetrics', so a page with its own metrics is text for everybody. */
function formatFor({ module }: ProbeRequest, request: Request): PageFormat {
  const { mode = "off" } = module.passthrough ?? {};
  return mode === "off" ? chooseFormat(request.get("Accept")) : "text";
}

type OwnPage = { readonly scraped: Promise<Scraped | undefined>; readonly format: PageFormat };

async function ownPage({ self }: Scraper, { target }: ProbeRequest, { scraped, format }: OwnPage): Promise<string> {
  const families = (await scraped)?.families ?? [];
  // What the program says of itself belongs to the program's page and not to that of every target.
  const selfFamilies = target.name === everyTarget([]).name ? await self.families() : [];
  return expose(families, format) + expose(selfFamilies, format);
}

async function sendDebug(scraper: Scraper, asked: ProbeRequest, exchange: Exchange): Promise<void> {
  const scraped = await beginScrape(asked, { ...deadlineOf(scraper, asked, exchange), withNative: false }, scraper)
    .scraped;
  if (scraped === undefined) return;
  sendText(exchange.response, 200, `${debugText(scraped.record)}\nMetrics:\n${expose(scraped.families)}`);
}

function deadlineOf(scraper: Scraper, asked: ProbeRequest, { request, response }: Exchange): ScrapeDeadline {
  const timeoutMs = timeoutOf(scraper, asked, request);
  const left = whenClosed(response);
  return { signal: AbortSignal.any([scraper.deadline(timeoutMs), left]), timeoutMs, left };
}

function timeoutOf({ setup }: Scraper, { module }: ProbeRequest, request: Request): number {
  const { timeouts } = setup();
  const defaultMs = module.timeoutMs ?? timeouts.defaultMs;
  return scrapeTimeoutMs(request.get("X-Prometheus-Scrape-Timeout-Seconds"), { ...timeouts, defaultMs });
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
