import { webApi } from "@slack/bolt";

/** What a failed Web API call means for whoever made it. */
export type SlackFailure =
  /** Nothing happened; try again after so many milliseconds. */
  | { readonly kind: "rate-limited"; readonly waitMs: number }
  /** Slack said no, with its error code; nothing happened. */
  | { readonly kind: "refused"; readonly error: string }
  /** No clear answer: it may have happened. */
  | { readonly kind: "uncertain"; readonly error: string };

/** Sorts what a Web API client threw. */
export function sortSlackError(error: unknown): SlackFailure {
  if (error instanceof webApi.WebAPIRateLimitedError) return { kind: "rate-limited", waitMs: error.retryAfter * 1000 };
  if (error instanceof webApi.WebAPIPlatformError) return { kind: "refused", error: error.data.error };
  if (error instanceof webApi.WebAPIHTTPError) return { kind: "uncertain", error: `HTTP ${error.statusCode}` };
  return { kind: "uncertain", error: error instanceof Error ? error.message : String(error) };
}

/** Slack's words for "not now": the same call may succeed in a moment. */
export const PASSING: ReadonlySet<string> = new Set([
  "fatal_error",
  "internal_error",
  "request_timeout",
  "service_unavailable",
]);
