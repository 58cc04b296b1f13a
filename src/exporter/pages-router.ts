import { Router, type Response } from "express";
import type { Clock } from "../lib/clock.ts";
import type { Page } from "../web/page.ts";
import type { ExporterSetup } from "./exporter-setup.ts";
import { exporterPage } from "./pages/exporter-page.ts";
import { missingProbePage, probePage } from "./pages/probe-page.ts";
import type { ProbeHistory } from "./probe-history.ts";

/** What the exporter's pages for people need. */
export type ExporterPagesOptions = {
  readonly setup: () => ExporterSetup;
  readonly history: ProbeHistory;
  readonly clock: Clock;
  readonly sendPage: (response: Response, page: Page) => void;
};

/** Creates the router of `/exporter` and `/exporter/probes/ID`: what can be scraped, and how the last scrapes went. They ask nobody. */
export function createExporterPages({ setup, history, clock, sendPage }: ExporterPagesOptions): Router {
  const router = Router();
  router.get("/exporter", (_request, response) =>
    sendPage(response, exporterPage({ setup: setup(), probes: history.list(), now: clock.now() })),
  );
  router.get("/exporter/probes/:id", ({ params: { id } }, response) => {
    const probe = /^\d{1,15}$/u.test(id) ? history.get(Number(id)) : undefined;
    sendPage(response, probe === undefined ? missingProbePage() : probePage(probe, clock.now()));
  });
  return router;
}
