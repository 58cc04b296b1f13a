import { App } from "@slack/bolt";
import type { Actor } from "../access/person.ts";
import type { Gate, OpenRun } from "../engine/run.ts";
import type { Clock } from "../lib/clock.ts";
import { silentLogger, type Logger } from "../lib/logger.ts";
import type { Secret } from "../lib/secret.ts";
import type { AlertGroup, AlertStore, MessageStore, RunService } from "../runner/ports.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { boltLogger } from "./bolt-logger.ts";
import type { Bot, Catalog } from "./bot.ts";
import { realDelay, type Delay } from "./delay.ts";
import { listen } from "./listen/listen.ts";
import { createOutgoing } from "./outgoing.ts";
import type { MatchAlert } from "./publish/keep-alert.ts";
import { createPublisher, type Publisher } from "./publish/publisher.ts";
import { createTurns } from "./publish/turns.ts";
import { createSocket, type Socket, type SocketState } from "./socket.ts";
import { createTokenCheck } from "./token-check.ts";
import { within } from "./within.ts";

/** What the bot is made of. */
export type SlackBotOptions = {
  /** The configuration's values with their secrets read. */
  readonly config: {
    readonly appToken: Secret;
    readonly botToken: Secret;
    readonly channel: string;
    readonly apiUrl: string;
  };
  readonly runs: RunService;
  readonly alerts: AlertStore;
  readonly messages: MessageStore;
  readonly catalog: Catalog;
  readonly clusters: readonly VaultCluster[];
  /** Gives the person behind a member id, with the role they hold at this moment. */
  readonly identify: (slackUserId: string) => Promise<Actor>;
  /** Gives everybody who may approve a gate, as far as can be told: those who did not start the run or vote yet are mentioned. */
  readonly approvers?: (gate: Gate) => Promise<readonly SlackPerson[]>;
  readonly match: MatchAlert;
  /** Whether one person may go past a gate alone at this moment; default: nobody may. */
  readonly breakGlass?: () => boolean;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** The base of links to the web pages. */
  readonly externalUrl: string;
  /** How pauses are waited out; tests do not wait. */
  readonly delay?: Delay;
  /** How long a submitted form may be worked on before it is acked, in milliseconds; Slack gives up after 3,000. */
  readonly ackBudgetMs?: number;
  /** How long one attempt to connect may take, in milliseconds; default: 15,000. */
  readonly connectMs?: number;
};

/** A human's member id and their one id. */
export type SlackPerson = { readonly slackId: string; readonly personId: string };

/** SlackBot is the bot at work. */
export type SlackBot = {
  /** Says that an alert group changed; it must be in the alert store already. */
  readonly publishAlert: (group: AlertGroup) => void;
  /** `connecting` also while a lost connection is made again. */
  readonly state: () => SocketState;
  /** Resolves when Slack shows everything as it is stored and every interaction is answered. */
  readonly idle: () => Promise<void>;
  /** Takes no more interactions, sends what is due for at most five seconds, and ends. */
  readonly stop: () => Promise<void>;
};

const STOP_MS = 5000;
const ACK_BUDGET_MS = 2000;

/**
 * Starts the bot over Socket Mode. Resolves without a word from Slack: connecting, proving the token and catching up go on in the
 * background until they succeed, and everything that was to be said meanwhile is said then.
 */
export async function startSlackBot(options: SlackBotOptions): Promise<SlackBot> {
  const { config, runs, logger = silentLogger, delay = realDelay } = options;
  const stopping = new AbortController();
  const outgoing = createOutgoing({ ...config, logger });
  const bot: Bot = { ...options, logger, outgoing, channel: config.channel, inTurn: createTurns() };
  const publisher = createPublisher({
    ...bot,
    messages: options.messages,
    delay,
    signal: stopping.signal,
    titleOf: titles(bot),
    approversOf: approversOf(options),
  });
  const work = new Set<Promise<void>>();
  const onConnected = createTokenCheck({ outgoing, logger, delay, signal: stopping.signal });
  const { connectMs } = options;
  const socket = createSocket({
    ...config,
    logger,
    delay,
    onConnected,
    ...(connectMs === undefined ? {} : { connectMs }),
  });
  const app = await createApp(options, socket, logger);
  const track = tracker(work, logger);
  listen(app, { bot, track, ackBudgetMs: options.ackBudgetMs ?? ACK_BUDGET_MS });
  const unsubscribe = runs.subscribe(publisher.touchRun);
  track(publisher.catchUp());
  socket.start();
  return {
    publishAlert: (group) => publisher.touchAlert(group.key),
    state: socket.state,
    idle: async () => await settle(work, publisher),
    stop: async () => {
      await socket.stop();
      await within(STOP_MS, settle(work, publisher));
      unsubscribe();
      stopping.abort();
    },
  };
}

/** `authorize` instead of `token`: with a token Bolt asks Slack at once, and a failure there ends the process. */
async function createApp({ config }: SlackBotOptions, socket: Socket, logger: Logger): Promise<App> {
  const app = new App({
    receiver: socket.receiver,
    authorize: async () => await Promise.resolve({ botToken: config.botToken.reveal() }),
    logger: boltLogger(logger),
    convoStore: false,
    ignoreSelf: false,
    deferInitialization: true,
    clientOptions: {
      slackApiUrl: config.apiUrl,
      timeout: 2000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    },
  });
  await app.init();
  return app;
}

function tracker(work: Set<Promise<void>>, logger: Logger): (one: Promise<void>) => void {
  return (one) => {
    const settled: Promise<void> = one
      .catch((error: unknown) =>
        logger.error("cannot read a slack interaction", { error: error instanceof Error ? error.name : "unknown" }),
      )
      .finally(() => work.delete(settled));
    work.add(settled);
  };
}

async function settle(work: ReadonlySet<Promise<void>>, publisher: Publisher): Promise<void> {
  while (work.size > 0) await Promise.all(work);
  await publisher.idle();
}

function titles(bot: Bot): (runbook: string) => string | undefined {
  return (runbook) => bot.catalog().get(runbook)?.runbook.title;
}

/** More names than this are noise, and a user group may have thousands. */
const MOST_MENTIONS = 20;

/** Whoever may say yes to a gate and has not yet. */
function approversOf({ approvers }: SlackBotOptions): (run: OpenRun, gate: Gate) => Promise<readonly string[]> {
  return async (run, gate) =>
    ((await approvers?.(gate)) ?? [])
      .filter(({ personId: id }) => {
        const drives = id === run.startedBy.id || id === run.assignee.id;
        return !(gate.notTheStarter && drives) && !gate.votes.some((vote) => vote.by.id === id);
      })
      .map(({ slackId }) => slackId)
      .slice(0, MOST_MENTIONS);
}
