import express, { type ErrorRequestHandler, type RequestHandler, type Router } from "express";
import type { Clock } from "../lib/clock.ts";
import { toFailure } from "../lib/failure.ts";
import { silentLogger, type Logger } from "../lib/logger.ts";
import type { Secret } from "../lib/secret.ts";
import type { AlertGroup, AlertStore } from "../runner/ports.ts";
import { holdsBearer } from "./bearer.ts";
import { keepTruncated } from "./keep-truncated.ts";
import { Payload, toAlertGroup } from "./schema.ts";

/** A group of 1,000 alerts with long annotations is about 2 MB. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** What the webhook needs. */
export type AlertmanagerOptions = {
  /** Reads the bearer token at each request, so that a changed file counts at once. */
  readonly token: () => Secret | Promise<Secret>;
  readonly store: AlertStore;
  readonly clock: Clock;
  /**
   * Is told each group after it is stored, as the store has it then: also a repeated one, so that what a crash left undone is done at the
   * next, and once more when two come at the same time. Whatever it throws is logged and never reaches Alertmanager, who would only send the group again.
   */
  readonly onGroup: (group: AlertGroup) => void | Promise<void>;
  readonly logger?: Logger;
};

/** Makes the router of `POST /alertmanager`: the group is on the disk before the answer, so Alertmanager may forget it. */
export function createAlertmanagerRouter(options: AlertmanagerOptions): Router {
  const router = express.Router();
  const body = express.json({ limit: MAX_BODY_BYTES, type: () => true });
  router.post("/alertmanager", authenticate(options), body, receive(options), answerError(options));
  return router;
}

/** Comes before the body is read, so that strangers cannot make us parse megabytes. */
function authenticate({ token }: AlertmanagerOptions): RequestHandler {
  return async (request, response, next) => {
    if (holdsBearer(request.get("authorization"), await token())) {
      next();
      return;
    }
    response.set("WWW-Authenticate", "Bearer").status(401);
    response.json({
      error:
        "cannot take the alerts: the bearer token is missing or wrong; set http_config.authorization in Alertmanager",
    });
  };
}

function receive({ store, clock, onGroup, logger = silentLogger }: AlertmanagerOptions): RequestHandler {
  return async (request, response) => {
    const receivedAt = clock.now();
    const parsed = Payload.safeParse(request.body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue === undefined || issue.path.length === 0 ? "the body" : `"${issue.path.join(".")}"`;
      const why = `${where} is not what Alertmanager sends in version 4 (${issue?.message ?? "no JSON"})`;
      response.status(400).json({ error: `cannot take the alerts: ${why}; point only Alertmanager's webhook here` });
      return;
    }
    const { groupKey, truncatedAlerts } = parsed.data;
    const known = truncatedAlerts > 0 ? await store.get(groupKey) : undefined;
    const group = keepTruncated(known, toAlertGroup(parsed.data, receivedAt), truncatedAlerts);
    if (truncatedAlerts > 0) logger.warn("alert group was cut off by max_alerts", { truncated: truncatedAlerts });
    await store.put(group);
    response.json({ stored: true, alerts: group.alerts.length });
    await tell({ store, onGroup, logger }, group);
  };
}

type Telling = Pick<AlertmanagerOptions, "store" | "onGroup"> & { readonly logger: Logger };

/** A notification that was overtaken by a newer one did not change the store: the newer state is told again, never the older. */
async function tell({ store, onGroup, logger }: Telling, group: AlertGroup): Promise<void> {
  try {
    await onGroup((await store.get(group.key)) ?? group);
  } catch (error) {
    const { reason, message } = toFailure(error);
    logger.error("alert group was stored but not handled", { key: group.key, reason, why: message });
  }
}

/** 5xx makes Alertmanager try again; 4xx makes it give up. */
function answerError({ logger = silentLogger }: AlertmanagerOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = bodyErrorStatus(error);
    if (status === 413)
      response
        .status(413)
        .json({ error: "cannot take the alerts: the body is above 8 MiB; set max_alerts in Alertmanager's webhook" });
    else if (status !== undefined)
      response
        .status(400)
        .json({ error: "cannot take the alerts: the body is no JSON; point only Alertmanager's webhook here" });
    else {
      const { reason, message } = toFailure(error);
      logger.error("alert group was not stored", { reason, why: message });
      response.status(503).json({ error: "cannot store the alerts; see sealwatch's log; Alertmanager will try again" });
    }
  };
}

/** Gives the code of an error that the body parser threw; undefined for all others. */
function bodyErrorStatus(error: unknown): number | undefined {
  const isHttpError = typeof error === "object" && error !== null && "status" in error && "expose" in error;
  return isHttpError && typeof error.status === "number" && error.status < 500 ? error.status : undefined;
}
