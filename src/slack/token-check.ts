import type { Logger } from "../lib/logger.ts";
import type { Delay } from "./delay.ts";
import type { Outgoing } from "./outgoing.ts";
import { sortSlackError } from "./slack-error.ts";

/** What proving the bot token needs. */
export type TokenCheckOptions = {
  readonly outgoing: Pick<Outgoing, "whoAmI">;
  readonly logger: Logger;
  readonly delay: Delay;
  readonly signal: AbortSignal;
};

const LONGEST_PAUSE_MS = 60_000;

/**
 * Makes a function that proves the bot token in the background (`auth.test`) and logs what it finds: a wrong one should be found at
 * the start, not at the first alert. While Slack gives no clear answer it asks again; a refusal is asked about at the next call.
 */
export function createTokenCheck(options: TokenCheckOptions): () => void {
  let checking = false;
  const check = async (): Promise<void> => {
    if (checking) return;
    checking = true;
    await untilClear(options);
    checking = false;
  };
  return () => void check();
}

async function untilClear({ outgoing, logger, delay, signal }: TokenCheckOptions): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      logger.info("connected to slack", { user: await outgoing.whoAmI() });
      return;
    } catch (error) {
      const failure = sortSlackError(error);
      if (failure.kind === "refused")
        return logger.error("slack refuses the bot token; cards cannot be posted", { error: failure.error });
      logger.warn("cannot prove the bot token; trying again", { failures, kind: failure.kind });
      const least = failure.kind === "rate-limited" ? failure.waitMs : 0;
      await delay(Math.max(least, Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** failures)), signal);
    }
  }
}
