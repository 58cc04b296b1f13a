import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "@slack/bolt";
import { silentLogger, type Logger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { signBody } from "../../../src/sandbox/slack/signature.ts";
import { createBoltApp } from "../../../src/slack/create-bolt-app.ts";
import type { Interaction, SlackObserver, SlackRefusal } from "../../../src/slack/observer.ts";
import { createHttp } from "../../../src/slack/transport/http.ts";
import type { HttpHandler } from "../../../src/slack/transport/http-types.ts";

/** The made-up secret with which the tests sign. */
export const SIGNING_SECRET = "made-up signing secret canary";
/** A made-up moment, in milliseconds. */
export const NOW = 1_700_000_000_000;

/** An observer that remembers. */
export type Heard = SlackObserver & {
  readonly acks: Interaction[];
  readonly refusals: SlackRefusal[];
  readonly connections: string[];
  readonly calls: string[];
  signs: number;
};

export function recordingObserver(): Heard {
  const heard: Heard = {
    acks: [],
    refusals: [],
    connections: [],
    calls: [],
    signs: 0,
    acked: (kind, seconds) => {
      if (!(seconds >= 0 && seconds < 60)) throw new Error(`an ack after ${seconds} s`);
      heard.acks.push(kind);
    },
    refused: (reason) => void heard.refusals.push(reason),
    called: (method, result) => void heard.calls.push(`${method} ${result}`),
    connection: (event) => void heard.connections.push(event),
    heard: () => void (heard.signs += 1),
  };
  return heard;
}

/** A real server with one handler on every path. */
export type Served = AsyncDisposable & { readonly url: string };

export async function serve(handle: HttpHandler): Promise<Served> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The HTTP transport behind a server, with an app that listens to what a test wants. */
export type Site = Served & {
  readonly observer: Heard;
  readonly logs: string[];
  readonly transport: ReturnType<typeof createHttp>;
  now: number;
  readonly post: (body: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Posts as Slack would: signed and stamped now. */
  readonly signed: (body: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
};

export async function openSite(register: (app: App) => void = () => {}): Promise<Site> {
  const observer = recordingObserver();
  const logs: string[] = [];
  const log = (message: string, facts?: object): void => void logs.push(`${message} ${JSON.stringify(facts ?? {})}`);
  const logger: Logger = { ...silentLogger, warn: log, error: log };
  const clock = { now: () => site.now };
  const transport = createHttp({ signingSecret: new Secret(SIGNING_SECRET), clock, observer, logger });
  register(
    await createBoltApp(
      { botToken: new Secret("xoxb-made-up"), channel: "C1", apiUrl: "http://127.0.0.1:9/api/" },
      transport.receiver,
      logger,
    ),
  );
  transport.start();
  const served = await serve(transport.handle);
  const post: Site["post"] = async (body, headers = {}) =>
    await fetch(served.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body,
    });
  const site: Site = {
    ...served,
    observer,
    logs,
    transport,
    now: NOW,
    post,
    signed: async (body, headers = {}) =>
      await post(body, { ...signBody(SIGNING_SECRET, body, Math.floor(site.now / 1000)), ...headers }),
  };
  return site;
}

/** A slash command's body. */
export function commandBody(text = "help"): string {
  return new URLSearchParams({
    command: "/vault",
    text,
    team_id: "T1",
    user_id: "U1",
    channel_id: "C1",
    trigger_id: "1.2.3",
    response_url: "http://127.0.0.1:9/none",
  }).toString();
}

/** A form body around a JSON payload, as clicks and forms come. */
export function payloadBody(payload: Readonly<Record<string, unknown>>): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}
