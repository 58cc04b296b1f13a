import type { SocketModeReceiver } from "@slack/bolt";
import type { Logger } from "../../lib/logger.ts";

/** The library's connection. */
export type SocketClient = SocketModeReceiver["client"];

type OnMessage = (data: unknown, isBinary: unknown) => unknown;

/**
 * Makes the library survive every message: its own listener is asynchronous and nobody waits for it, so what it throws, at an
 * `app_rate_limited` event for instance, would end the process (slack-facts 0.4). `heard` is called for each message.
 */
export function guardMessages(client: SocketClient, logger: Logger, heard: () => void): void {
  const listeners = client.listeners("ws_message") as OnMessage[];
  client.removeAllListeners("ws_message");
  client.on("ws_message", (data: unknown, isBinary: unknown) => {
    heard();
    for (const listener of listeners) void survive(async () => await listener(data, isBinary), logger);
  });
}

async function survive(work: () => Promise<unknown>, logger: Logger): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Only the kind: the words may hold the message.
    logger.warn("cannot read a message of slack", { error: error instanceof Error ? error.name : "unknown" });
  }
}
