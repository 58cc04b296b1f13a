import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import { toFailure } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";

/** Answers a path that no router knows: 404, as text or as JSON when the client prefers it. */
export const answerNotFound: RequestHandler = (request, response) => {
  answer(request, response, 404, `cannot ${request.method} ${request.path}: there is no such page`);
};

/** Answers what a router threw. The client's mistakes are named; everything else is in the log, and the answer only says so. */
export function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = clientErrorStatus(error);
    if (status !== undefined) {
      answer(request, response, status, `cannot ${request.method} ${request.path}: the request is not well-formed`);
      return;
    }
    const { reason, message } = toFailure(error);
    logger.error("request failed", { method: request.method, path: request.path, reason, why: message });
    answer(request, response, 500, `cannot ${request.method} ${request.path}: it failed; see sealwatch's log`);
  };
}

function answer(request: Request, response: Response, status: number, error: string): void {
  response.status(status);
  if (request.accepts(["text", "json"]) === "json") response.json({ error });
  else response.type("text").send(`${error}\n`);
}

/** Gives the code of an error that blames the client (a bad escape in the URL, a body too large); undefined for all others. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("status" in error)) return undefined;
  return typeof error.status === "number" && error.status >= 400 && error.status < 500 ? error.status : undefined;
}
