import type { Logger } from "../lib/logger.ts";
import type { Delay } from "./delay.ts";
import type { Identity, Outgoing } from "./outgoing.ts";
import { sortSlackError } from "./slack-error.ts";
import { within } from "./within.ts";

/** What proving the bot token needs. */
export type TokenCheckOptions = {
  readonly outgoing: Pick<Outgoing, "whoAmI">;
  readonly logger: Logger;
  readonly delay: Delay;
  readonly signal: AbortSignal;
};

/** TokenCheck proves the bot token, and knows from that who we are. */
export type TokenCheck = {
  /** Proves it in the background, one proof at a time. */
  readonly check: () => void;
  /** Gives who we are; where that is not known yet, waits for it for a second and a half, then undefined. */
  readonly identity: () => Promise<Identity | undefined>;
};

const LONGEST_PAUSE_MS = 60_000;
const IDENTITY_WITHIN_MS = 1500;

/**
 * Makes a check that proves the bot token (`auth.test`) and logs what it finds: a wrong one should be found at the start, not at the first
 * alert. While Slack gives no clear answer it asks again; a refusal is asked about at the next call.
 */
export function createTokenCheck(options: TokenCheckOptions): TokenCheck {
  let known: Identity | undefined;
  let checking: Promise<void> | undefined;
  const check = async (): Promise<void> => {
    known = (await untilClear(options)) ?? known;
    checking = undefined;
  };
  const checkOnce = async (): Promise<void> => await (checking ??= check());
  return {
    check: () => void checkOnce(),
    identity: async () => {
      if (known === undefined) await within(IDENTITY_WITHIN_MS, checkOnce());
      return known;
    },
  };
}

async function untilClear({ outgoing, logger, delay, signal }: TokenCheckOptions): Promise<Identity | undefined> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const identity = await outgoing.whoAmI();
      logger.info("connected to slack", { user: identity.userId, team: identity.teamId });
      return identity;
    } catch (error) {
      const failure = sortSlackError(error);
      if (failure.kind === "refused") {
        logger.error("slack refuses the bot token; cards cannot be posted", { error: failure.error });
        return undefined;
      }
      logger.warn("cannot prove the bot token; trying again", { failures, kind: failure.kind });
      const least = failure.kind === "rate-limited" ? failure.waitMs : 0;
      await delay(Math.max(least, Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** failures)), signal);
    }
  }
  return undefined;
}
