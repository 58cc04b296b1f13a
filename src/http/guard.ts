import type { Request, RequestHandler, Response } from "express";
import type { Clock } from "../lib/clock.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createTokenBucket } from "./token-bucket.ts";
import type { WebAccess } from "./web-access.ts";

/**
 * What has no login of the web configuration. Alertmanager's webhook brings a bearer token of its own, for which the header has no second
 * place, and Slack a signature; a kubelet has none to show, and whether a program lives is no secret.
 */
const PROBES = ["/-/healthy", "/-/ready"];
const WITHOUT_LOGIN = ["/alertmanager", "/slack/events", ...PROBES];

/** Creates the guard before every router: the rate limit, the configured headers and the login, by the web configuration of this moment. */
export function createGuard(access: WebAccess, clock: Clock): RequestHandler {
  const isWithinRate = createTokenBucket(clock);
  const check = createPasswordCheck();
  return async (request, response, next) => {
    await access.freshen();
    const { headers, users, rateLimit } = access.current();
    // Strangers who ask too often must not make a kubelet believe that the program is dead.
    const isProbe = PROBES.includes(request.path);
    if (rateLimit !== undefined && !isProbe && !isWithinRate(rateLimit)) {
      refuse(response, 429, "too many requests; the web configuration limits them");
      return;
    }
    response.set(headers);
    const verdict =
      users.size === 0 || WITHOUT_LOGIN.includes(request.path) ? "right" : await check(users, loginOf(request));
    if (verdict === "right") next();
    else if (verdict === "busy") refuse(response, 429, "too many logins at once");
    else {
      response.set("WWW-Authenticate", 'Basic realm="sealwatch", charset="UTF-8"');
      refuse(response, 401, "user or password is missing or wrong");
    }
  };
}

/** Without a header it is a login that nobody has. */
function loginOf(request: Request): { user: string; password: string } {
  const encoded = /^Basic +(?<text>[A-Za-z0-9+/=_-]+) *$/iu.exec(request.get("Authorization") ?? "")?.groups?.["text"];
  const text = Buffer.from(encoded ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? { user: "", password: "" } : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function refuse(response: Response, status: number, why: string): void {
  if (status === 429) response.set("Retry-After", "1");
  response.status(status).type("text/plain").end(`cannot answer: ${why}\n`);
}
