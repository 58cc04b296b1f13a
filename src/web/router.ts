import express, { type RequestHandler, type Router } from "express";
import type { Clock } from "../lib/clock.ts";
import { toFailure } from "../lib/failure.ts";
import { silentLogger, type Logger } from "../lib/logger.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { RunService } from "../runner/ports.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { createClusterReader, type ClusterReader } from "./cluster-reader.ts";
import { sendPage } from "./page.ts";
import { indexPage, type ReadRuns } from "./pages/index-page.ts";
import { notFoundPage } from "./pages/not-found-page.ts";
import { runPage } from "./pages/run-page.ts";
import { runbookPage } from "./pages/runbook-page.ts";
import { prepareStart } from "./prepared-start.ts";
import { runAsJson, shownRun } from "./shown-run.ts";

/** How many runs a page looks at. */
const MAX_RUNS = 50;
const MAX_FINISHED = 10;

/** The forms in which a run can be taken away. */
export type ExportFormat = "markdown" | "json";

/** What the pages show, and nothing by which they could change it. */
export type WebOptions = {
  readonly runs: Pick<RunService, "get" | "list">;
  /** Writes a run as a post-mortem with the hash of every entry; undefined when there is no such run. */
  readonly exportRun: (runId: string, format: ExportFormat) => Promise<string | undefined>;
  /** The current runbooks by id. */
  readonly catalog: () => ReadonlyMap<string, { readonly runbook: Runbook }>;
  readonly clusters: readonly VaultCluster[];
  readonly clock: Clock;
  readonly logger?: Logger;
};

type Web = Required<WebOptions> & { readonly readCluster: ClusterReader };

/** Makes the router of the pages `/`, `/runbooks/:id`, `/runs/:id`, and of `/runs/:id.json` and `/runs/:id/export.md` and `.json`. All are GETs, and none changes anything. */
export function createWebRouter(options: WebOptions): Router {
  const web: Web = { logger: silentLogger, ...options, readCluster: createClusterReader(options.clock) };
  const router = express.Router();
  router.get("/", showIndex(web));
  router.get("/runbooks/:id", showRunbook(web));
  router.get("/runs/:id.json", showRunAsJson(web));
  router.get("/runs/:id/export.md", sendExport(web, "markdown"));
  router.get("/runs/:id/export.json", sendExport(web, "json"));
  router.get("/runs/:id", showRun(web));
  return router;
}

function showIndex(web: Web): RequestHandler {
  return async (_request, response) => {
    const [clusters, open, finished] = await Promise.all([
      Promise.all(web.clusters.map(web.readCluster)),
      readRuns(web, { open: true, limit: MAX_RUNS }),
      readRuns(web, { open: false, limit: MAX_FINISHED }),
    ]);
    const runbooks = [...web.catalog().values()].map(({ runbook }) => runbook);
    sendPage(response, indexPage({ clusters, open, finished, runbooks, now: web.clock.now() }));
  };
}

function showRunbook(web: Web): RequestHandler<{ id: string }> {
  return async ({ params: { id }, query }, response) => {
    const catalog = web.catalog();
    const runbook = catalog.get(id)?.runbook;
    if (runbook === undefined) {
      sendPage(response, notFoundPage({ kind: "runbook", name: id, known: [...catalog.keys()] }));
      return;
    }
    const prepared = prepareStart(runbook, query, web.clusters);
    const shown = prepared.cluster === undefined ? web.clusters : [prepared.cluster];
    const [clusters, read] = await Promise.all([
      Promise.all(shown.map(web.readCluster)),
      readRuns(web, { open: true, limit: MAX_RUNS }),
    ]);
    const open = read.ok ? read.runs.filter(({ run }) => run.runbook.id === id) : [];
    sendPage(response, runbookPage({ runbook, prepared, clusters, open, now: web.clock.now() }));
  };
}

function showRun(web: Web): RequestHandler<{ id: string }> {
  return async ({ params: { id } }, response) => {
    const loaded = await web.runs.get(id);
    if (loaded !== undefined) {
      sendPage(response, runPage(shownRun(loaded), web.clock.now()));
      return;
    }
    const latest = await web.runs.list({ limit: MAX_RUNS });
    sendPage(response, notFoundPage({ kind: "run", name: id, known: latest.map(({ run }) => run.id) }));
  };
}

function showRunAsJson(web: Web): RequestHandler<{ id: string }> {
  return async ({ params: { id } }, response) => {
    const loaded = await web.runs.get(id);
    if (loaded === undefined) response.status(404).json({ error: "cannot show the run: there is no such run" });
    else response.json(runAsJson(loaded));
  };
}

const EXPORTS = {
  markdown: { type: "text/markdown; charset=utf-8", ending: "md" },
  json: { type: "application/json; charset=utf-8", ending: "json" },
} as const;

function sendExport({ exportRun }: Web, format: ExportFormat): RequestHandler<{ id: string }> {
  return async ({ params: { id } }, response) => {
    const text = await exportRun(id, format);
    response.set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
    if (text === undefined) {
      response.status(404).type("text/plain").send("cannot export the run: there is no such run\n");
      return;
    }
    const { type, ending } = EXPORTS[format];
    response.attachment(`${id}.${ending}`).type(type).send(text);
  };
}

/** A store that fails must not take the state of the clusters off the page. */
async function readRuns({ runs, logger }: Web, filter: { open: boolean; limit: number }): Promise<ReadRuns> {
  try {
    return { ok: true, runs: (await runs.list(filter)).map(shownRun) };
  } catch (error) {
    const { reason, message } = toFailure(error);
    logger.error("runs could not be listed", { reason, why: message });
    return { ok: false, why: message };
  }
}
