import type { Config } from "../config/schema.ts";
import type { Readiness } from "../http/lifecycle.ts";
import type { Clock } from "../lib/clock.ts";
import type { SlackBot } from "../slack/app.ts";

/** What readiness is judged by. */
export type ReadinessParts = {
  readonly config: Pick<Config, "slack">;
  /** The bot, once there is one. */
  readonly bot: () => Pick<SlackBot, "state"> | undefined;
  readonly clock: Clock;
};

/** After this long it is ready whatever Slack does, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Makes the answer of `/-/ready`. While the program starts it waits for Slack's first connection, so that a rolling update does not end the last
 * replica that Slack can reach. Never again afterwards: a probe that fails takes metrics and webhook away just when they are needed.
 */
export function createReadiness({ config, bot, clock }: ReadinessParts): () => Readiness {
  const until = clock.now() + PATIENCE_MS;
  let isReady = config.slack === undefined;
  return () => {
    isReady ||= bot()?.state() === "connected" || clock.now() >= until;
    return isReady ? { ready: true } : { ready: false, why: "Slack is not connected yet" };
  };
}
