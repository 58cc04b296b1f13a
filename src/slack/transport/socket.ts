import { SocketModeReceiver } from "@slack/bolt";
import type { Clock, Timers } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Secret } from "../../lib/secret.ts";
import { boltLogger } from "../bolt-logger.ts";
import type { Delay } from "../delay.ts";
import type { SlackObserver } from "../observer.ts";
import { within } from "../within.ts";
import { connectLoop, cutOff, lose, type Held } from "./connect-loop.ts";
import { guardMessages } from "./guard-messages.ts";
import type { TransportState } from "./transport.ts";

/** Socket is one connection of Socket Mode. */
export type Socket = {
  readonly receiver: SocketModeReceiver;
  /** Connects, and connects again whenever the connection ends, until `stop`. Returns at once. */
  readonly start: () => void;
  readonly state: () => TransportState;
  readonly stop: () => Promise<void>;
};

/** What a socket is made of. */
export type SocketOptions = {
  readonly appToken: Secret;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly observer: SlackObserver;
  readonly logger: Logger;
  readonly delay: Delay;
  /** Hears of every new connection. */
  readonly onConnected: () => void;
  /** How long one attempt may take, in milliseconds; default: 15,000. */
  readonly connectMs?: number;
};

const STOP_MS = 2000;
const CONNECT_MS = 15_000;
/**
 * A connection on which nothing came for so long may be deaf although its pings are answered, so it is made anew. The library ends
 * those whose pings are not, after 15 to 25 s.
 */
const SILENCE_MS = 10 * 60_000;

/**
 * Makes a socket with reconnecting of our own. That of the library leaves five seconds without a connection at every refresh, in
 * which clicks are lost, and ends the process when its last attempt fails (slack-facts 1.5).
 */
export function createSocket(options: SocketOptions): Socket {
  const { logger, observer, clock, timers, connectMs = CONNECT_MS } = options;
  const receiver = createReceiver(options);
  const { client } = receiver;
  const stopping = new AbortController();
  const held: Held = { state: "connecting", looping: false, fails: 0, openedAt: 0, shortLives: 0 };
  const connect = (): void => void connectLoop({ ...options, held, client, signal: stopping.signal, connectMs });
  let endWatch = (): void => {};
  const watch = (): void => {
    endWatch();
    endWatch = timers.after(SILENCE_MS, () => {
      logger.info("nothing came over a connection to slack for long; making it anew");
      cutOff(client);
    });
  };
  guardMessages(client, logger, () => {
    observer.heard();
    if (held.state === "connected") watch();
  });
  client.on("connected", () => {
    // An attempt that was under way when the bot stopped.
    if (held.state === "stopped") return cutOff(client);
    held.state = "connected";
    held.openedAt = clock.now();
    observer.connection("opened");
    watch();
    options.onConnected();
  });
  client.on("disconnected", () => {
    endWatch();
    if (held.state === "connected") lose(held, clock.now(), observer);
    connect();
  });
  return {
    receiver,
    state: () => held.state,
    start: connect,
    stop: async () => {
      if (held.state === "connected") observer.connection("lost");
      held.state = "stopped";
      endWatch();
      stopping.abort();
      if (!(await within(STOP_MS, client.disconnect()))) cutOff(client);
    },
  };
}

function createReceiver({ appToken, apiUrl, logger }: SocketOptions): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: appToken.reveal(),
    logger: boltLogger(logger),
    autoReconnectEnabled: false,
    clientPingTimeout: 15_000,
    serverPingTimeout: 60_000,
    // An object of its own: the library writes into it.
    installerOptions: { clientOptions: { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: { retries: 0 } } },
    // The library's own acks in some cases, over a connection that may be gone, and nobody waits for that.
    processEventErrorHandler: async ({ error }) => {
      logger.error("cannot handle what slack delivered", { error: error.name });
      return await Promise.resolve(false);
    },
  });
}
