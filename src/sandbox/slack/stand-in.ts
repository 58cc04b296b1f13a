import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createCourier } from "./delivery/courier.ts";
import { createEventFeed } from "./delivery/event-feed.ts";
import { serveSocketMode, type SocketMode } from "./delivery/socket-mode.ts";
import { createFaults } from "./faults.ts";
import { LIMITS } from "./limits.ts";
import type { StandInApp, TokenKind } from "./methods/method.ts";
import { openWorkspace } from "./open-workspace.ts";
import { actAs } from "./people/act-as.ts";
import type { PeopleContext } from "./people/people-context.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { createResponseUrls } from "./response-urls.ts";
import { createRouter } from "./router.ts";
import { ALL_SCOPES } from "./scopes.ts";
import { signBody } from "./signature.ts";
import type { SlackStandIn, SlackStandInOptions } from "./stand-in-types.ts";
import { createTriggers } from "./triggers.ts";
import { turnKnobs } from "./turn-knobs.ts";
import type { WebApi } from "./web-api.ts";
import type { Workspace } from "./workspace.ts";

export type { SlackStandIn, SlackStandInOptions } from "./stand-in-types.ts";

/** Starts a stand-in for Slack on loopback. */
export async function startSlackStandIn(options: SlackStandInOptions): Promise<SlackStandIn> {
  const server = createServer();
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const workspace = openWorkspace({
    users: [...options.users],
    userGroups: [...(options.userGroups ?? [])],
    plan: options.plan ?? "paid",
    channel: options.channel,
    channels: options.channels ?? [],
    clock: options.clock,
  });
  const sockets = serveSocketMode(server, workspace, options.ackMs ?? LIMITS.ackMs);
  const people = gatherPeople(options, { workspace, sockets, base });
  const api = openApi(options, { people, base, sockets });
  const router = createRouter({ api, people });
  server.on("request", (request, response) => void router.answer(request, response));
  await listen(server, options.port ?? 0);
  return {
    ...turnKnobs({ people, api, sockets, router }),
    apiUrl: `${base()}/api/`,
    pageUrl: `${base()}/`,
    as: (userId) => actAs(people, userId),
    event: people.events.publish,
    sign: signer(options),
    [Symbol.asyncDispose]: async () => {
      people.events.close();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Made = { readonly workspace: Workspace; readonly sockets: SocketMode; readonly base: () => string };

function gatherPeople(options: SlackStandInOptions, { workspace, sockets, base }: Made): PeopleContext {
  const { clock } = options;
  const app = appOf(options);
  const ackMs = options.ackMs ?? LIMITS.ackMs;
  const courier = createCourier({ sockets, workspace, ackMs, sign: (body) => ({ ...signer(options)(body) }) });
  return {
    workspace,
    app,
    triggers: createTriggers(clock),
    responseUrls: createResponseUrls(workspace, base),
    courier,
    events: createEventFeed({ courier, workspace, app, clock }),
    scopes: new Set(options.scopes ?? ALL_SCOPES),
  };
}

function appOf({ teamId = "T0STANDIN", enterpriseId }: SlackStandInOptions): StandInApp {
  return {
    appId: "A0SEALWATCH",
    userId: "U0SEALWATCH",
    botId: "B0SEALWATCH",
    teamId,
    teamName: "Stand-in",
    ...(enterpriseId === undefined ? {} : { enterpriseId }),
  };
}

type ApiParts = { readonly people: PeopleContext; readonly base: () => string; readonly sockets: SocketMode };

function openApi(options: SlackStandInOptions, { people, base, sockets }: ApiParts): WebApi {
  const { workspace, triggers, app, scopes } = people;
  const tokens = new Map<string, TokenKind>([
    [options.botToken, "bot"],
    [options.appToken, "app"],
  ]);
  if (options.userToken !== undefined) tokens.set(options.userToken, "user");
  return {
    context: { workspace, triggers, app, base, scopes, ticket: () => sockets.ticket(base()) },
    tokens,
    rates: createRateLimiter(options.clock),
    faults: createFaults(),
  };
}

function signer({ signingSecret, clock }: SlackStandInOptions): SlackStandIn["sign"] {
  return (body) => signBody(signingSecret ?? "stand-in signing secret", body, Math.floor(clock.now() / 1000));
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}
