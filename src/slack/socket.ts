import { SocketModeReceiver } from "@slack/bolt";
import type { Logger } from "../lib/logger.ts";
import type { Secret } from "../lib/secret.ts";
import { boltLogger } from "./bolt-logger.ts";
import type { Delay } from "./delay.ts";
import { sortSlackError } from "./slack-error.ts";
import { within } from "./within.ts";

/** Whether Slack can reach us now. */
export type SocketState = "connecting" | "connected" | "stopped";

/** Socket is the connection over which Slack tells us what people do. */
export type Socket = {
  readonly receiver: SocketModeReceiver;
  /** Connects, and connects again whenever the connection ends, until `stop`. Resolves after the first attempt. */
  readonly start: () => Promise<void>;
  readonly state: () => SocketState;
  readonly stop: () => Promise<void>;
};

/** What a socket is made of. */
export type SocketOptions = {
  readonly appToken: Secret;
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly delay: Delay;
  /** Hears of every new connection. */
  readonly onConnected: () => void;
};

const LONGEST_PAUSE_MS = 30_000;
const STOP_MS = 2000;

/**
 * Makes a socket with reconnecting of our own. That of the library leaves five seconds without a connection at every refresh, in
 * which clicks are lost, and ends the process when its last attempt fails (slack-facts 1.5).
 */
export function createSocket(options: SocketOptions): Socket {
  const { appToken, apiUrl, logger, delay } = options;
  const receiver = new SocketModeReceiver({
    appToken: appToken.reveal(),
    logger: boltLogger(logger),
    autoReconnectEnabled: false,
    clientPingTimeout: 15_000,
    serverPingTimeout: 60_000,
    // An object of its own: the library writes into it.
    installerOptions: { clientOptions: { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: { retries: 0 } } },
  });
  const stopping = new AbortController();
  const held: Held = { state: "connecting", looping: false, fails: 0 };
  const connect = async (): Promise<void> =>
    await connectLoop({ held, receiver, signal: stopping.signal, delay, logger });
  receiver.client.on("connected", () => {
    held.state = "connected";
    options.onConnected();
  });
  receiver.client.on("disconnected", () => {
    if (held.state !== "stopped") held.state = "connecting";
    void connect();
  });
  return {
    receiver,
    state: () => held.state,
    start: async () => await connect(),
    stop: async () => {
      held.state = "stopped";
      stopping.abort();
      await within(STOP_MS, receiver.client.disconnect());
    },
  };
}

type Held = { state: SocketState; looping: boolean; fails: number };

type Loop = {
  readonly held: Held;
  readonly receiver: SocketModeReceiver;
  readonly signal: AbortSignal;
  readonly delay: Delay;
  readonly logger: Logger;
};

/** Resolves after the first attempt, good or bad; later attempts go on in the background. */
async function connectLoop(loop: Loop): Promise<void> {
  const { held, signal } = loop;
  if (held.looping || signal.aborted) return;
  held.looping = true;
  if (await attempt(loop)) held.looping = false;
  else void goOn(loop);
}

async function goOn(loop: Loop): Promise<void> {
  const { held, signal, delay } = loop;
  do await delay(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** held.fails), signal);
  while (!signal.aborted && !(await attempt(loop)));
  held.looping = false;
}

async function attempt({ held, receiver, signal, logger }: Loop): Promise<boolean> {
  if (signal.aborted) return true;
  try {
    await receiver.client.start();
    held.fails = 0;
    return true;
  } catch (error) {
    held.fails += 1;
    logger.warn("cannot connect to slack; trying again", {
      fails: held.fails,
      error: error === undefined ? "the connection closed" : sortSlackError(error).kind,
    });
    return false;
  }
}
