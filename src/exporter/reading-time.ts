import type { Request } from "express";
import type { Timers } from "../lib/clock.ts";

/** How long after a scrape's own time its page may still be read, in milliseconds. Prometheus gave up long before. */
const READING_MS = 30_000;

/** Ends the connection of a client that does not read its page, which would keep its place from others for ever. Gives what calls it off. */
export function limitReading({ socket }: Request, timeoutMs: number, { after }: Timers): () => void {
  return after(timeoutMs + READING_MS, () => socket.destroy());
}
