import type { Clock, Timers, Timestamp } from "../../../lib/clock.ts";
import type { Logger } from "../../../lib/logger.ts";
import type { Outbox, OutboxItem } from "../../../runner/ports.ts";
import type { Delay } from "../../delay.ts";
import type { Lane } from "../pace/lane.ts";
import type { Plan } from "../plan/plan.ts";
import type { Availability } from "./availability.ts";
import type { Backoff } from "./backoff.ts";
import type { OpenSubject } from "./subject.ts";

/** What a dispatcher is made of. */
export type DispatcherOptions = {
  readonly outbox: Pick<Outbox, "due" | "settle">;
  readonly planOf: (item: OutboxItem) => Promise<Plan>;
  readonly lanes: (name: string) => Lane;
  /** Asks Slack something cheap. */
  readonly probe: () => Promise<unknown>;
  /** Hears each time that nothing is left to do. */
  readonly onQuiet: () => void;
  readonly clock: Clock;
  readonly delay: Delay;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

/** What a dispatcher has in hand. */
export type Desk = DispatcherOptions & {
  readonly subjects: Map<string, OpenSubject>;
  /** Steps under way, by id, with their lane. */
  readonly underWay: Map<string, string>;
  readonly backoff: Backoff;
  readonly availability: Availability;
  /** Lanes on which Slack asked for a pause, and until when they take one call at a time: or each pause would cost several calls. */
  readonly careful: Map<string, Timestamp>;
  readonly ring: () => void;
  readonly work: Set<Promise<void>>;
  /** Whether the outbox must be read, and when it last was. */
  unread: boolean;
  readAt: Timestamp;
};
