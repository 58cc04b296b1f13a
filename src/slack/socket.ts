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
  /** Connects, and connects again whenever the connection ends, until `stop`. Returns at once. */
  readonly start: () => void;
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
  /** How long one attempt may take, in milliseconds; default: 15,000. */
  readonly connectMs?: number;
};

const LONGEST_PAUSE_MS = 30_000;
const STOP_MS = 2000;
const CONNECT_MS = 15_000;

/**
 * Makes a socket with reconnecting of our own. That of the library leaves five seconds without a connection at every refresh, in
 * which clicks are lost, and ends the process when its last attempt fails (slack-facts 1.5).
 */
export function createSocket(options: SocketOptions): Socket {
  const { appToken, apiUrl, logger, delay, connectMs = CONNECT_MS } = options;
  const receiver = new SocketModeReceiver({
    appToken: appToken.reveal(),
    logger: boltLogger(logger),
    autoReconnectEnabled: false,
    clientPingTimeout: 15_000,
    serverPingTimeout: 60_000,
    // An object of its own: the library writes into it.
    installerOptions: { clientOptions: { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: { retries: 0 } } },
  });
  const { client } = receiver;
  const stopping = new AbortController();
  const held: Held = { state: "connecting", looping: false, fails: 0 };
  const connect = (): void => void connectLoop({ held, client, signal: stopping.signal, delay, logger, connectMs });
  client.on("connected", () => {
    // An attempt that was under way when the bot stopped.
    if (held.state === "stopped") return cutOff(client);
    held.state = "connected";
    options.onConnected();
  });
  client.on("disconnected", () => {
    if (held.state !== "stopped") held.state = "connecting";
    connect();
  });
  return {
    receiver,
    state: () => held.state,
    start: connect,
    stop: async () => {
      held.state = "stopped";
      stopping.abort();
      if (!(await within(STOP_MS, client.disconnect()))) cutOff(client);
    },
  };
}

type Held = { state: SocketState; looping: boolean; fails: number };

type Loop = {
  readonly held: Held;
  readonly client: SocketModeReceiver["client"];
  readonly signal: AbortSignal;
  readonly delay: Delay;
  readonly logger: Logger;
  readonly connectMs: number;
};

/** Tries until there is a connection. The last look and the end of the loop are one turn, so that no lost connection falls between. */
async function connectLoop(loop: Loop): Promise<void> {
  const { held, signal, delay } = loop;
  if (held.looping) return;
  held.looping = true;
  while (held.state === "connecting" && !signal.aborted) {
    await attempt(loop);
    if (held.state === "connecting") await delay(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** held.fails), signal);
  }
  held.looping = false;
}

async function attempt({ held, client, logger, connectMs }: Loop): Promise<void> {
  let error = "no connection in time";
  try {
    if (await within(connectMs, client.start())) {
      held.fails = 0;
      return;
    }
    cutOff(client);
  } catch (thrown) {
    error = thrown === undefined ? "the connection closed" : sortSlackError(thrown).kind;
  }
  held.fails += 1;
  logger.warn("cannot connect to slack; trying again", { fails: held.fails, error });
}

/** Ends a connection whose other side may be silent: the first call asks for an end, the second does not wait for the answer. */
function cutOff(client: Loop["client"]): void {
  void client.disconnect();
  void client.disconnect();
}
