import type { Timestamp } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { SentMessage } from "../../runner/ports.ts";
import type { Attachments } from "../attachments/attachments.ts";
import type { Outgoing, Place } from "../outgoing.ts";
import type { Ledger } from "./ledger.ts";
import type { Recent } from "./recent.ts";

/** What making messages true needs. */
export type Sender = {
  readonly outgoing: Pick<Outgoing, "post" | "update" | "findKeys">;
  readonly ledger: Ledger;
  readonly recent: Recent;
  readonly attachments: Attachments | undefined;
  /** Whether this replica may send; asked right before every call that changes something in Slack. */
  readonly isOurs: () => boolean;
  readonly logger: Logger;
};

/** Where messages of a subject belong. */
export type Thread = {
  readonly place: Place;
  /** The message that the thread hangs on; undefined in the channel. */
  readonly root: SentMessage | undefined;
  /** Unix milliseconds before which nothing of it can have been posted. */
  readonly since: Timestamp;
};
