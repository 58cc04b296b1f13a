import type { Clock, Timestamp } from "../../../lib/clock.ts";
import type { Logger } from "../../../lib/logger.ts";
import type { Delay } from "../../delay.ts";
import { sortSlackError } from "../../slack-error.ts";

/** Availability knows whether Slack answers. While it does not, one question after another is asked of it, and nothing else. */
export type Availability = {
  /** Since when Slack gives no clear answer; undefined while it does. */
  readonly awaySince: () => Timestamp | undefined;
  /** A call had no clear answer: asks Slack until it gives one. */
  readonly doubt: () => void;
};

/** What asking takes. `probe` is cheap and changes nothing. */
export type AvailabilityOptions = {
  readonly probe: () => Promise<unknown>;
  /** Hears that Slack answers again. */
  readonly onBack: () => void;
  readonly clock: Clock;
  readonly delay: Delay;
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

/** Milliseconds between the beginnings of two questions; the last again and again. */
const PAUSES_MS = [1000, 2000, 5000] as const;

/** Makes an availability that trusts Slack until a call fails. */
export function createAvailability(options: AvailabilityOptions): Availability {
  const { onBack, clock, signal, logger } = options;
  let since: Timestamp | undefined;
  const watch = async (): Promise<void> => {
    await untilBack(options);
    if (signal.aborted) return;
    const seconds = Math.round((clock.now() - (since ?? clock.now())) / 1000);
    if (seconds > 0) logger.info("slack answers again", { seconds });
    since = undefined;
    onBack();
  };
  return {
    awaySince: () => since,
    doubt: () => {
      if (since !== undefined) return;
      since = clock.now();
      void watch();
    },
  };
}

async function untilBack({ probe, clock, delay, signal, logger }: AvailabilityOptions): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    const from = clock.now();
    const failure = await probe().then(
      () => undefined,
      (error: unknown) => sortSlackError(error),
    );
    // A refusal is an answer, too.
    if (failure?.kind !== "uncertain") return;
    if (failures === 1) logger.warn("slack does not answer; asking until it does", { error: failure.error });
    const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0;
    await delay(Math.max(0, pause - (clock.now() - from)), signal);
  }
}
