import type { DiscoveryWorld } from "../../src/discovery/discovery-world.ts";
import { FailureError, type FailureReason } from "../../src/lib/failure.ts";
import { recordingLogger } from "../app/recording-logger.ts";
import { createManualTime, type ManualTime } from "../runner/manual-time.ts";

/** A world for a discovery in which time moves when a test says so, and chance is never kind: pauses have their full length. */
export type ManualWorld = {
  readonly world: DiscoveryWorld;
  readonly time: ManualTime;
  /** What was logged: level and message. */
  readonly logged: () => readonly string[];
};

/** Creates one; its clock stands at `T0`. */
export function manualWorld(): ManualWorld {
  const time = createManualTime();
  const { logger, entries } = recordingLogger();
  return {
    world: { clock: time.clock, timers: time.timers, chance: () => 0, logger },
    time,
    logged: () => entries.map(([level, message]) => `${level}: ${message}`),
  };
}

/** A failure with a reason, as an edge throws it. */
export function failure(reason: FailureReason, message: string): FailureError {
  return new FailureError({ reason, message, retryable: true });
}
