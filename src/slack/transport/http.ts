import type { App } from "@slack/bolt";
import type { Clock } from "../../lib/clock.ts";
import { toFailure } from "../../lib/failure.ts";
import type { Logger } from "../../lib/logger.ts";
import { redact } from "../../lib/redact.ts";
import type { Secret } from "../../lib/secret.ts";
import type { SlackObserver } from "../observer.ts";
import { answerStatus, type HttpHandler, type HttpRequest, type HttpResponse } from "./http-types.ts";
import { measured } from "./measured.ts";
import { readBody } from "./read-body.ts";
import { readPayload, type Payload } from "./read-payload.ts";
import type { Transport, TransportState } from "./transport.ts";
import { createVerifyRequest, type VerifyRequest } from "./verify-request.ts";

/** What taking signed requests needs. */
export type HttpOptions = {
  readonly signingSecret: Secret;
  readonly clock: Clock;
  readonly observer: SlackObserver;
  readonly logger: Logger;
};

/** Slack's largest payloads, a view with its state, are a tenth of it. */
const MOST_BYTES = 1024 * 1024;
const TRY_AGAIN = { "retry-after": "1" };

/**
 * Makes the transport of signed requests. It is a receiver of our own: the library's takes stamps of the future and what was recorded,
 * answers late with what then throws, and ends the process at a body of `null` (slack-facts 1.2 and 1.3).
 */
export function createHttp(options: HttpOptions): Transport & { readonly handle: HttpHandler } {
  const taking: Taking = {
    ...options,
    app: undefined,
    verify: createVerifyRequest(options.signingSecret, options.clock),
  };
  let state: TransportState = "connecting";
  const start = (): void => {
    if (state === "connecting") state = "connected";
  };
  const stop = async (): Promise<void> => {
    state = "stopped";
    await Promise.resolve();
  };
  return {
    receiver: {
      init: (app) => {
        taking.app = measured(app, options.observer);
      },
      start: async () => await Promise.resolve(start()),
      stop,
    },
    start,
    stop,
    state: () => state,
    connections: () => undefined,
    handle: async (request, response) => {
      try {
        if (state === "connected") await take(taking, request, response);
        else answerStatus(response, 503, TRY_AGAIN);
      } catch (error) {
        options.logger.warn("cannot take a request of slack", { error: redact(toFailure(error).message) });
        answerStatus(response, 500);
      }
    },
  };
}

type Taking = HttpOptions & { app: App | undefined; readonly verify: VerifyRequest };

async function take(taking: Taking, request: HttpRequest, response: HttpResponse): Promise<void> {
  const body = await readBody(request, MOST_BYTES);
  if (body === undefined) return answerStatus(response, 413, { connection: "close" });
  // Slack looks so whether the certificate is good, unsigned; nothing else of the request counts.
  if (/(?:^|&)ssl_check=1(?:&|$)/u.test(body)) return answerStatus(response, 200);
  const reason = taking.verify(request, body);
  if (reason !== undefined) {
    taking.observer.refused(reason);
    taking.logger.warn("refused a request that is not to be believed", { reason });
    return answerStatus(response, 401);
  }
  taking.observer.heard();
  const payload = readPayload(body);
  if (payload === undefined) return answerStatus(response, 400);
  if (payload["type"] === "url_verification") return answerJson(response, { challenge: payload["challenge"] });
  if (payload["type"] === "app_rate_limited") {
    taking.logger.warn("slack holds back events, there are too many");
    return answerStatus(response, 200);
  }
  await hand(taking, { request, response, payload });
}

type Handing = { readonly request: HttpRequest; readonly response: HttpResponse; readonly payload: Payload };

async function hand({ app }: Taking, { request, response, payload }: Handing): Promise<void> {
  const { "x-slack-retry-num": retryNum } = request.headers;
  await app?.processEvent({
    body: payload,
    ...(typeof retryNum === "string" ? { retryNum: Number(retryNum) } : {}),
    ack: async (answer: unknown) => {
      if (response.headersSent) return;
      if (typeof answer === "object" && answer !== null) answerJson(response, answer);
      else answerStatus(response, 200);
      await Promise.resolve();
    },
  });
  // Nobody listens to such things: Slack should not wait for three seconds to hear that.
  answerStatus(response, 404);
}

function answerJson(response: HttpResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
