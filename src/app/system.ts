import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { Clock, Ids, Timers } from "../lib/clock.ts";

/** Letters and digits that cannot be mistaken for one another when read aloud. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";

/** Node fires at once when asked to wait longer (24.8 days). Whoever waits for longer is woken early and waits again. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Real timers. Whoever begins one ends it: the runner cancels its own when it stops. */
export const systemTimers: Timers = {
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

/** Chance, from 0 to 1: it spreads what many instances would do at the same moment. */
export const systemChance = (): number => Math.random();

/** Random ids like `run-7k3m2p9x`. Should one ever come twice, the store refuses to start the second run. */
export const systemIds: Ids = {
  next: (kind) => `${kind}-${[...randomBytes(8)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("")}`,
};

/** Names this program instance: `host:pid:random`, so that others can tell whether it still lives. */
export function holderName(): string {
  return `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`;
}

/** The operating system's user who runs this process: the person of the terminal. `uid:N` when the user has no name. */
export function terminalUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid:${process.getuid?.() ?? "unknown"}`;
  }
}
