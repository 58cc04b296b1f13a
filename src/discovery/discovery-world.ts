import type { Clock, Timers } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";

/** What every discovery takes from outside. */
export type DiscoveryWorld = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** From 0 to 1, so that many instances do not ask at the same moment. */
  readonly chance: () => number;
  readonly logger: Logger;
};
