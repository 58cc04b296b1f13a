import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { MessageStore } from "../../runner/ports.ts";
import type { UploadStates } from "./upload-states.ts";

/** Something to upload once. */
export type Job = {
  /** Its key in the message store. */
  readonly key: string;
  readonly channel: string;
  /** People see it as soon as it is uploaded, so an unclear outcome is repeated once at most; else nobody sees it, and repeating costs nothing. */
  readonly shared: boolean;
  /** Proves that Slack answers: when it throws, nothing happened. Asked where an upload must not be repeated without need. */
  readonly check?: () => Promise<unknown>;
  /** Makes the bytes; what it throws would be thrown again. */
  readonly prepare: () => Promise<Uint8Array>;
  readonly send: (bytes: Uint8Array) => Promise<{ readonly id: string }>;
};

/** What uploading takes. */
export type UploadsOptions = { readonly messages: MessageStore; readonly clock: Clock; readonly logger: Logger };

/** What all uploads share. */
export type Desk = UploadsOptions & {
  readonly states: UploadStates;
  /** Until then nothing is tried, because the bot may not upload; 0 while it may, as far as is known. */
  scopeMissingUntil: Timestamp;
  queue: Promise<void>;
};

/** Failures after which an upload is given up: some 40 minutes, for Slack may be away for a while. */
export const MOST_FAILURES = 40;
/** Milliseconds that Slack takes a file in after its upload: a message that shows it sooner is refused (`invalid slack file`). */
export const SETTLE_MS = 1500;
/** Milliseconds after the first failure until an upload is tried again. */
export const RETRY_MS = 5000;
