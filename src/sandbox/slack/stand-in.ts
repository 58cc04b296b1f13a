import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import { createFaults, type Fault } from "./faults.ts";
import { LIMITS, type Rate } from "./limits.ts";
import type { StandInApp } from "./methods/method.ts";
import { answerPage } from "./page/answer-page.ts";
import { actAs, type PeopleContext, type StandInPerson } from "./people.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { readBody } from "./read-body.ts";
import { createResponseUrls } from "./response-urls.ts";
import { signBody, type SignedHeaders } from "./signature.ts";
import { serveSocketMode, type Delivery } from "./socket-mode.ts";
import { createTriggers } from "./triggers.ts";
import { answerWebApi, type WebApi } from "./web-api.ts";
import {
  openWorkspace,
  replaceItem,
  whenThere,
  type ReceivedPayload,
  type StandInEphemeral,
  type StandInMessage,
  type StandInPlan,
  type StandInUser,
  type StandInUserGroup,
  type StandInView,
} from "./workspace.ts";

/** What a stand-in is made of. Tokens are made up by the caller; anything else gets `invalid_auth`. */
export type SlackStandInOptions = {
  readonly users: readonly StandInUser[];
  readonly userGroups?: readonly StandInUserGroup[];
  /** Default: `paid`. */
  readonly plan?: StandInPlan;
  /** The organisation that the workspace is part of; default: none. */
  readonly enterpriseId?: string;
  readonly channel: { readonly id: string; readonly name: string };
  readonly botToken: string;
  readonly appToken: string;
  /** For `sign`; default: a fixed text. */
  readonly signingSecret?: string;
  /** Drives triggers, response addresses and rates. Acks are timed by real time. */
  readonly clock: Clock;
  /** How long Slack waits for an ack, in milliseconds; default: its own 3,000. */
  readonly ackMs?: number;
  /** Default: any free port of 127.0.0.1. */
  readonly port?: number;
};

/** SlackStandIn is a Slack of one channel: it keeps Slack's limits and clocks, people act in it by script or in a browser. */
export type SlackStandIn = AsyncDisposable & {
  /** Base of the Web API, with a slash at the end: give it to the bot as `apiUrl`. */
  readonly apiUrl: string;
  /** The page that people open in a browser. */
  readonly pageUrl: string;
  readonly as: (userId: string) => StandInPerson;
  /** Every message as it stands now, oldest first. */
  readonly messages: () => readonly StandInMessage[];
  readonly ephemerals: (userId: string) => readonly StandInEphemeral[];
  readonly views: (userId: string) => readonly StandInView[];
  /** Everything that the app ever sent: calls, acks, answers to response addresses. */
  readonly payloads: () => readonly ReceivedPayload[];
  /** Waits for a message; looks again after every change. Rejects after `timeoutMs`, 10 s when not given. */
  readonly waitForMessage: (fits: (message: StandInMessage) => boolean, timeoutMs?: number) => Promise<StandInMessage>;
  readonly waitForEphemeral: (
    userId: string,
    fits: (ephemeral: StandInEphemeral) => boolean,
    timeoutMs?: number,
  ) => Promise<StandInEphemeral>;
  readonly waitForView: (userId: string, callbackId: string, timeoutMs?: number) => Promise<StandInView>;
  /** Sends an event of the Events API. */
  readonly event: (event: Readonly<Record<string, unknown>>) => Promise<Delivery>;
  /** Deletes a message as a person with the right to do so would. */
  readonly deleteMessage: (ts: string) => void;
  readonly connections: () => number;
  readonly disconnectAll: () => void;
  readonly dropAll: () => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly mute: () => void;
  readonly unmute: () => void;
  readonly failNext: (method: string, fault: Fault) => void;
  readonly tighten: (method: string, rate: Rate) => void;
  /** Changes a person's account as an administrator would; throws for an id that is not there. */
  readonly changeUser: (userId: string, change: Omit<Partial<StandInUser>, "id">) => void;
  /** Changes a user group, or makes it. */
  readonly setUserGroup: (group: StandInUserGroup) => void;
  /** Signs a body for the HTTP mode, stamped now. */
  readonly sign: (body: string) => SignedHeaders;
};

const APP: StandInApp = { userId: "U0SEALWATCH", botId: "B0SEALWATCH", teamId: "T0STANDIN", teamName: "Stand-in" };
const WAIT_MS = 10_000;

/** Starts a stand-in for Slack on loopback. */
export async function startSlackStandIn(options: SlackStandInOptions): Promise<SlackStandIn> {
  const { clock } = options;
  const workspace = openWorkspace({
    users: [...options.users],
    userGroups: [...(options.userGroups ?? [])],
    plan: options.plan ?? "paid",
    channel: options.channel,
    clock,
  });
  const app = options.enterpriseId === undefined ? APP : { ...APP, enterpriseId: options.enterpriseId };
  const server = createServer();
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const triggers = createTriggers(clock);
  const responseUrls = createResponseUrls(workspace, base);
  const sockets = serveSocketMode(server, workspace, options.ackMs ?? LIMITS.ackMs);
  const people: PeopleContext = { workspace, app, triggers, responseUrls, sockets };
  const tokens = { bot: options.botToken, app: options.appToken };
  const api: WebApi = {
    context: { workspace, triggers, app, base },
    tokens,
    rates: createRateLimiter(clock),
    faults: createFaults(),
  };
  server.on("request", (request, response) => void route({ api, people }, request, response));
  await listen(server, options.port ?? 0);
  return {
    ...reads(people, api),
    apiUrl: `${base()}/api/`,
    pageUrl: `${base()}/`,
    as: (userId) => actAs(people, userId),
    event: async (event) =>
      await sockets.deliver("events_api", {
        type: "event_callback",
        team_id: APP.teamId,
        event_id: workspace.nextId("Ev"),
        event,
      }),
    sign: (body) => signBody(options.signingSecret ?? "stand-in signing secret", body, Math.floor(clock.now() / 1000)),
    [Symbol.asyncDispose]: async () => {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Reads = Omit<SlackStandIn, "apiUrl" | "pageUrl" | "as" | "event" | "sign" | typeof Symbol.asyncDispose>;

function reads({ workspace, sockets }: PeopleContext, api: WebApi): Reads {
  const { messages, ephemerals, views } = workspace;
  return {
    messages: () => [...messages],
    ephemerals: (userId) => ephemerals.filter((ephemeral) => ephemeral.userId === userId),
    views: (userId) => views.filter((view) => view.userId === userId),
    payloads: () => [...workspace.payloads],
    waitForMessage: async (fits, timeoutMs = WAIT_MS) =>
      await whenThere(workspace, () => messages.findLast(fits), timeoutMs),
    waitForEphemeral: async (userId, fits, timeoutMs = WAIT_MS) =>
      await whenThere(workspace, () => ephemerals.findLast((held) => held.userId === userId && fits(held)), timeoutMs),
    waitForView: async (userId, callbackId, timeoutMs = WAIT_MS) =>
      await whenThere(
        workspace,
        () => views.findLast((held) => held.userId === userId && held.view["callback_id"] === callbackId),
        timeoutMs,
      ),
    deleteMessage: (ts) => {
      const index = messages.findIndex((message) => message.ts === ts);
      if (index === -1) throw new Error(`cannot delete message ${ts}: there is none`);
      messages.splice(index, 1);
      workspace.changed();
    },
    connections: sockets.connections,
    disconnectAll: sockets.disconnectAll,
    dropAll: sockets.dropAll,
    freeze: sockets.freeze,
    thaw: sockets.thaw,
    mute: sockets.mute,
    unmute: sockets.unmute,
    failNext: api.faults.failNext,
    tighten: api.rates.tighten,
    changeUser: (userId, change) => {
      const user = workspace.users.find(({ id }) => id === userId);
      if (user === undefined) throw new Error(`cannot change ${userId}: no such user in the stand-in`);
      replaceItem(workspace.users, user, { ...user, ...change });
    },
    setUserGroup: (group) => {
      const old = workspace.userGroups.find(({ id }) => id === group.id);
      if (old === undefined) workspace.userGroups.push(group);
      else replaceItem(workspace.userGroups, old, group);
    },
  };
}

type Parts = { readonly api: WebApi; readonly people: PeopleContext };

async function route({ api, people }: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? "/", "http://stand-in").pathname;
  try {
    if (path.startsWith("/api/") && request.method === "POST") return await answerWebApi(api, request, response);
    if (path.startsWith("/response/") && request.method === "POST")
      return await answerResponseUrl(people, path, request, response);
    await answerPage(people, request, response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    response
      .writeHead(400, { "content-type": "text/plain; charset=utf-8" })
      .end(error instanceof Error ? error.message : String(error));
  }
}

async function answerResponseUrl(
  people: PeopleContext,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body: unknown = JSON.parse(await readBody(request));
  people.workspace.payloads.push({ via: "response_url", body });
  const answer = people.responseUrls.receive(path.replace("/response/", ""), body);
  response.writeHead(answer.status, { "content-type": "text/plain; charset=utf-8" }).end(answer.body);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}
