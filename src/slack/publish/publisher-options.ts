import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { TimedLock } from "../../lib/timed-lock.ts";
import type { AlertGroup, AlertStore, MessageStore, Outbox, OutboxItem, RunService } from "../../runner/ports.ts";
import type { Attachments } from "../attachments/attachments.ts";
import type { Delay } from "../delay.ts";
import type { Insight } from "../insight.ts";
import type { Outgoing } from "../outgoing.ts";
import type { AlertCard } from "../render/alert-card.ts";
import type { MatchAlert } from "./match-alert.ts";
import type { RunDrawing } from "./plan/run-drawing.ts";

/** What the publisher has to say of itself. */
export type PublisherStatus = {
  /** Subjects that Slack is untrue about; undefined while the store does not tell. */
  readonly depth: number | undefined;
  /** When the oldest of them changed. */
  readonly oldestAt: Timestamp | undefined;
  /** Since when Slack gives this replica no clear answer. */
  readonly awaySince: Timestamp | undefined;
  /** Whether this replica is the one that sends. */
  readonly isSender: boolean;
};

/** What a publisher is made of. */
export type PublisherOptions = Omit<RunDrawing, "facts" | "permalink"> & {
  readonly outgoing: Pick<Outgoing, "post" | "update" | "findKeys" | "whoAmI" | "permalink">;
  readonly runs: Pick<RunService, "get" | "list" | "subscribe">;
  readonly alerts: AlertStore;
  readonly messages: MessageStore;
  readonly outbox: Outbox;
  readonly lock: TimedLock;
  readonly insight: Pick<Insight, "cluster">;
  readonly match: MatchAlert;
  /** Gives the runbook that answers an alert group, and others that could. */
  readonly offered: (group: AlertGroup) => Required<Pick<AlertCard, "runbook" | "others">>;
  readonly channelOf: (cluster: string | undefined) => string;
  /** Gives messages their pictures and files; without it they go without. */
  readonly attachments?: Attachments;
  /** Makes a person's Home true; gives after how many milliseconds it must be looked at again. Without it Homes are left alone. */
  readonly keepHome?: (item: OutboxItem) => Promise<number | undefined>;
  readonly clock: Clock;
  readonly delay: Delay;
  readonly timers: Timers;
  readonly logger: Logger;
};
