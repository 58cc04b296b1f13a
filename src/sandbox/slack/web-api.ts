import type { IncomingMessage, ServerResponse } from "node:http";
import { textAt, type Part } from "./part.ts";
import type { Fault, Faults } from "./faults.ts";
import { METHODS } from "./methods/index.ts";
import { refuse, type MethodContext } from "./methods/method.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { readBody } from "./read-body.ts";

/** WebApi is what the stand-in needs to answer `POST /api/<method>`. */
export type WebApi = {
  readonly context: MethodContext;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly rates: RateLimiter;
  readonly faults: Faults;
};

/** Answers one Web API call: token, rate, fault, method, in Slack's order. */
export async function answerWebApi(api: WebApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = (request.url ?? "").replace(/^\/api\//u, "").replace(/\?.*$/u, "");
  const args = parseArguments(await readBody(request), request.headers["content-type"] ?? "");
  const { token: _token, ...kept } = args;
  api.context.workspace.payloads.push({ via: method, body: kept });
  const fault = api.faults.take(method);
  if (fault === "silent") return;
  if (fault !== undefined && isBefore(fault)) return answerFault(fault, response);
  const wait = api.rates.count(method);
  if (wait !== undefined) return answerFault({ status: 429, retryAfter: wait }, response);
  const answer = call(api, method, args, request.headers.authorization);
  if (fault === "after-effect") return answerFault({ status: 500 }, response);
  if (fault === "drop-after-effect") return void response.destroy();
  send(response, 200, answer);
}

function call(api: WebApi, name: string, args: Part, authorization: string | undefined): Part {
  const token = authorization?.replace(/^Bearer ?/u, "") ?? textAt(args, "token") ?? "";
  const method = METHODS[name];
  if (method === undefined) return refuse("unknown_method");
  if (token === "") return refuse("not_authed");
  if (token !== (name === "apps.connections.open" ? api.tokens.app : api.tokens.bot)) return refuse("invalid_auth");
  return method(api.context, args);
}

/** Reads a form (fields that look like JSON are parsed, as Slack does) or a JSON body. */
function parseArguments(body: string, contentType: string): Part {
  if (contentType.startsWith("application/json")) return JSON.parse(body) as Part;
  const fields = [...new URLSearchParams(body)].map(([key, value]): [string, unknown] => [
    key,
    JSON_FIELDS.has(key) ? parseJson(value) : value,
  ]);
  return Object.fromEntries(fields);
}

const JSON_FIELDS = new Set(["blocks", "view", "metadata", "attachments"]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type BeforeFault = Exclude<Fault, string>;

function isBefore(fault: Fault): fault is BeforeFault {
  return typeof fault !== "string";
}

function answerFault(fault: BeforeFault, response: ServerResponse): void {
  if ("error" in fault) return send(response, 200, refuse(fault.error));
  if (fault.status === 429) response.setHeader("retry-after", String(fault.retryAfter ?? 1));
  send(response, fault.status, refuse(fault.status === 429 ? "ratelimited" : "internal_error"));
}

function send(response: ServerResponse, status: number, body: Part): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}
