import { Router, type Request, type RequestHandler, type Response } from "express";

/** Whether the program can do its work, and if not, why, in words for whoever asks. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

/** What the pages about the program's own life need. */
export type LifecycleOptions = {
  readonly ready: () => Readiness;
  /** Loads everything anew and gives what was wrong, a line each; what is wrong has changed nothing. */
  readonly reload: () => Promise<readonly string[]>;
};

/** Creates the router of `/-/healthy`, `/-/ready` and `POST` or `PUT /-/reload`, as Prometheus' own programs have them. */
export function createLifecycleRouter({ ready, reload }: LifecycleOptions): Router {
  const router = Router();
  router.get("/-/healthy", (_request, response) => sendText(response, 200, "healthy\n"));
  router.get("/-/ready", (_request, response) => {
    const readiness = ready();
    if (readiness.ready) sendText(response, 200, "ready\n");
    else sendText(response, 503, `not ready: ${readiness.why}\n`);
  });
  router.route("/-/reload").post(reloadWith(reload)).put(reloadWith(reload)).all(refuseMethod);
  return router;
}

function reloadWith(reload: LifecycleOptions["reload"]): RequestHandler {
  return async (request, response) => {
    if (isCrossSite(request)) {
      sendText(response, 403, "cannot reload: another site's page asked; send the request without a browser\n");
      return;
    }
    const problems = await reload();
    if (problems.length === 0) sendText(response, 200, "reloaded\n");
    else sendText(response, 500, `not everything was reloaded; the last good set stays:\n${problems.join("\n")}\n`);
  };
}

/** A link must never change anything. */
function refuseMethod(_request: Request, response: Response): void {
  response.set("Allow", "POST, PUT");
  sendText(response, 405, "cannot reload by this method: send POST or PUT\n");
}

/** A page of somebody else can make a browser post here, and the browser then says so. Programs send neither header. */
function isCrossSite(request: Request): boolean {
  const site = request.get("Sec-Fetch-Site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const origin = request.get("Origin");
  return origin !== undefined && hostOf(origin) !== request.get("Host");
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function sendText(response: Response, status: number, text: string): void {
  response.status(status).type("text/plain").end(text);
}
