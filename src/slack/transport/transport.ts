import type { Receiver } from "@slack/bolt";
import type { HttpHandler } from "./http-types.ts";

/** Whether Slack can reach us now: over HTTP as soon as requests are taken, for nobody can tell more. */
export type TransportState = "connecting" | "connected" | "stopped";

/** Transport is the way on which Slack tells us what people do. */
export type Transport = {
  /** What a Bolt app hears through. */
  readonly receiver: Receiver;
  /** Begins to take what comes, until `stop`. Returns at once. */
  readonly start: () => void;
  readonly state: () => TransportState;
  /** How many connections are open now; undefined over HTTP, which has none that stay. */
  readonly connections: () => number | undefined;
  readonly stop: () => Promise<void>;
  /** Takes the requests that Slack posts; only over HTTP. */
  readonly handle?: HttpHandler;
};
