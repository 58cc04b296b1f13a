import type { WebConfig } from "../config/web-config.ts";

/** WebAccess is who may reach the server and how. It follows its files. */
export type WebAccess = {
  /** The last good one. */
  readonly current: () => WebConfig;
  /** Looks whether a file changed, and loads anew when one did; never throws. */
  readonly freshen: () => Promise<void>;
};
