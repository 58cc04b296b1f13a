import type { Timestamp } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Delay } from "../delay.ts";
import type { SlackObserver } from "../observer.ts";
import { sortSlackError } from "../slack-error.ts";
import { within } from "../within.ts";
import type { SocketClient } from "./guard-messages.ts";
import type { TransportState } from "./transport.ts";

const LONGEST_PAUSE_MS = 30_000;
/** A connection that ends sooner was no good one: Slack has too many, or something on the way cuts them. */
const SHORT_LIFE_MS = 5000;
/** So many may end so soon before the next is put off. */
const SHORT_LIVES = 3;

/** How a connection stands. */
export type Held = {
  state: TransportState;
  looping: boolean;
  /** Attempts that failed since the last connection. */
  fails: number;
  openedAt: Timestamp;
  /** Connections in a row that ended soon. */
  shortLives: number;
};

/** Notes that a connection was lost. */
export function lose(held: Held, now: Timestamp, observer: SlackObserver): void {
  held.state = "connecting";
  held.shortLives = now - held.openedAt < SHORT_LIFE_MS ? held.shortLives + 1 : 0;
  observer.connection("lost");
}

/** What making a connection takes. */
export type Loop = {
  readonly delay: Delay;
  readonly logger: Logger;
  readonly held: Held;
  readonly client: SocketClient;
  readonly signal: AbortSignal;
  readonly connectMs: number;
};

/** Tries until there is a connection. The last look and the end of the loop are one turn, so that no lost connection falls between. */
export async function connectLoop(loop: Loop): Promise<void> {
  const { held, signal, delay } = loop;
  if (held.looping) return;
  held.looping = true;
  const tooSoon = held.shortLives - SHORT_LIVES;
  if (tooSoon > 0) await delay(pauseAfter(tooSoon), signal);
  while (held.state === "connecting" && !signal.aborted) {
    await attempt(loop);
    if (held.state === "connecting") await delay(pauseAfter(held.fails), signal);
  }
  held.looping = false;
}

function pauseAfter(fails: number): number {
  return Math.min(LONGEST_PAUSE_MS, 250 * 2 ** fails);
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
export function cutOff(client: SocketClient): void {
  void client.disconnect();
  void client.disconnect();
}
