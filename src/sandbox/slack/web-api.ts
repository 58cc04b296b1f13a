import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault, Faults } from "./faults.ts";
import { METHODS } from "./methods/index.ts";
import { refuse, type MethodContext, type TokenKind } from "./methods/method.ts";
import { textAt, type Part } from "./part.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { readArguments } from "./read-arguments.ts";
import { readBody } from "./read-body.ts";
import { scopeFor } from "./scopes.ts";

/** WebApi is what the stand-in needs to answer `POST /api/<method>`. */
export type WebApi = {
  readonly context: MethodContext;
  /** The tokens that are good, and whose they are. */
  readonly tokens: ReadonlyMap<string, TokenKind>;
  readonly rates: RateLimiter;
  readonly faults: Faults;
};

type Call = { readonly method: string; readonly args: Part; readonly token: string };
type Answer = { readonly status: number; readonly body: Part; readonly retryAfter?: number };

/** Answers one Web API call: fault, rate, token, scope, method. */
export async function answerWebApi(api: WebApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = readCall(request, await readBody(request));
  const { token: _token, ...kept } = call.args;
  api.context.workspace.payloads.push({ via: call.method, body: kept });
  const fault = api.faults.take(call.method);
  if (fault === "silent") return;
  const answer = answerOf(api, call, fault);
  record(api, call, answer);
  if (fault === "drop-after-effect") return void response.destroy();
  send(api, response, answer);
}

function readCall(request: IncomingMessage, body: Buffer): Call {
  const method = (request.url ?? "").replace(/^\/api\//u, "").replace(/\?.*$/u, "");
  const args = readArguments(body.toString("utf8"), request.headers["content-type"] ?? "");
  const token = request.headers.authorization?.replace(/^Bearer ?/u, "") ?? textAt(args, "token") ?? "";
  return { method, args, token };
}

function answerOf(api: WebApi, call: Call, fault: Fault | undefined): Answer {
  if (fault !== undefined && typeof fault !== "string") return failWith(fault);
  const wait = api.rates.count(call.method, textAt(call.args, "channel"));
  if (wait !== undefined) return failWith({ status: 429, retryAfter: wait });
  const body = carryOut(api, call);
  return fault === "after-effect" ? failWith({ status: 500 }) : { status: 200, body };
}

function failWith(fault: Exclude<Fault, string>): Answer {
  if ("error" in fault) return { status: 200, body: refuse(fault.error) };
  if (fault.status === 429) return { status: 429, body: refuse("ratelimited"), retryAfter: fault.retryAfter ?? 1 };
  return { status: fault.status, body: refuse("internal_error") };
}

function carryOut({ context, tokens }: WebApi, { method: name, args, token }: Call): Part {
  const method = METHODS[name];
  if (method === undefined) return refuse("unknown_method");
  if (token === "") return refuse("not_authed");
  const kind = tokens.get(token);
  if (kind === undefined || !tokensOf(name).includes(kind)) return refuse("invalid_auth");
  const needed = scopeFor(context.workspace, name, args);
  if (kind === "bot" && needed !== undefined && !context.scopes.has(needed))
    return { ...refuse("missing_scope"), needed, provided: [...context.scopes].join(",") };
  return method(context, args, kind);
}

/** A person's token is held for deleting what people wrote, and for nothing else. */
function tokensOf(method: string): readonly TokenKind[] {
  if (method === "apps.connections.open") return ["app"];
  return method === "chat.delete" || method === "auth.test" ? ["bot", "user"] : ["bot"];
}

function record({ context }: WebApi, { method, args }: Call, { status, body }: Answer): void {
  const { workspace } = context;
  const channel = textAt(args, "channel") ?? textAt(args, "channel_id");
  workspace.calls.push({
    method,
    at: workspace.clock.now(),
    ok: status === 200 && body["ok"] === true,
    ...(typeof body["error"] === "string" ? { error: body["error"] } : {}),
    ...(channel === undefined ? {} : { channel }),
  });
  workspace.changed();
}

function send({ context }: WebApi, response: ServerResponse, { status, body, retryAfter }: Answer): void {
  if (retryAfter !== undefined) response.setHeader("retry-after", String(retryAfter));
  response
    .writeHead(status, {
      "content-type": "application/json; charset=utf-8",
      "x-oauth-scopes": [...context.scopes].join(","),
    })
    .end(JSON.stringify(body));
}
