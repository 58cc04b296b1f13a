import { silentLogger } from "../lib/logger.ts";
import type { AlertGroup } from "../runner/ports.ts";
import type { SlackBotOptions } from "./bot-options.ts";
import type { Bot } from "./bot.ts";
import { countRefusals } from "./count-refusals.ts";
import { createBoltApp } from "./create-bolt-app.ts";
import { realDelay } from "./delay.ts";
import { listen } from "./listen/listen.ts";
import { deafObserver } from "./observer.ts";
import { openPublisher } from "./open-publisher.ts";
import { createOutgoing } from "./outgoing/create-outgoing.ts";
import type { PublisherStatus } from "./publish/publisher.ts";
import { createTurns } from "./publish/turns.ts";
import { createTokenCheck } from "./token-check.ts";
import { createTransport } from "./transport/create-transport.ts";
import type { HttpHandler } from "./transport/http-types.ts";
import type { Transport, TransportState } from "./transport/transport.ts";
import { within } from "./within.ts";
import { createWork } from "./work.ts";

export type { SlackBotConfig, SlackBotOptions, SlackPerson } from "./bot-options.ts";

/** SlackBot is the bot at work. */
export type SlackBot = {
  /** Says that an alert group changed; it must be in the alert store already. */
  readonly publishAlert: (group: AlertGroup) => void;
  /** `connecting` also while every lost connection is made again. */
  readonly state: () => TransportState;
  /** How many connections of Socket Mode are open; undefined over HTTP. */
  readonly connections: () => number | undefined;
  /** What is to be sent, and whether this replica sends it. */
  readonly status: () => Promise<PublisherStatus>;
  /** Takes what Slack posts to `/slack/events`; only in the mode `http`. */
  readonly handle: HttpHandler | undefined;
  /** Resolves when Slack shows everything as it is stored and every interaction is answered. */
  readonly idle: () => Promise<void>;
  /** Takes no more interactions, answers those that it took and sends what is due, for at most five seconds, and ends. */
  readonly stop: () => Promise<void>;
};

const STOP_MS = 5000;
const ACK_BUDGET_MS = 2000;
const PATIENCE_MS = 1500;

/**
 * Starts the bot. Resolves without a word from Slack: connecting, proving the token and sending go on in the background until they succeed,
 * and everything that was to be said meanwhile is said then.
 */
export async function startSlackBot(options: SlackBotOptions): Promise<SlackBot> {
  const { config, delay = realDelay, ackBudgetMs = ACK_BUDGET_MS, patienceMs = PATIENCE_MS } = options;
  const stopping = new AbortController();
  const bot = createBot(options);
  const publisher = openPublisher(options, bot, delay);
  const work = createWork(bot.logger);
  const { check, identity } = createTokenCheck({ ...bot, delay, signal: stopping.signal });
  const transport = openTransport(options, bot, check);
  const app = await createBoltApp(config, transport.receiver, bot.logger);
  listen(app, { bot, identity, track: work.track, ackBudgetMs, patienceMs });
  publisher.start();
  transport.start();
  // Over HTTP nothing connects that could bring it about.
  if (config.mode === "http") check();
  const drain = async (): Promise<void> => {
    await work.done();
    // What another replica sends is not waited for.
    if ((await publisher.status()).isSender) await publisher.idle();
  };
  return {
    publishAlert: ({ key }) => publisher.note(`alert:${key}`),
    state: transport.state,
    connections: transport.connections,
    status: publisher.status,
    handle: transport.handle,
    idle: async () => {
      await work.done();
      await publisher.idle();
    },
    stop: async () => {
      await transport.stop();
      await within(STOP_MS, drain());
      stopping.abort();
      await publisher.stop();
    },
  };
}

function createBot(options: SlackBotOptions): Bot {
  const { config, logger = silentLogger, observer = deafObserver, clock } = options;
  const { channel } = config;
  return {
    channelOf: () => channel,
    ...options,
    runs: countRefusals(options.runs, observer),
    logger,
    observer,
    outgoing: createOutgoing({ ...config, clock, observer, logger }),
    channel,
    inTurn: createTurns(),
  };
}

function openTransport(options: SlackBotOptions, { observer, logger }: Bot, onConnected: () => void): Transport {
  const { config, clock, timers, delay = realDelay, connectMs } = options;
  return createTransport({
    ...config,
    clock,
    timers,
    observer,
    logger,
    delay,
    onConnected,
    ...(connectMs === undefined ? {} : { connectMs }),
  });
}
