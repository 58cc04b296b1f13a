import { sortSlackError } from "../slack-error.ts";

/** Slack's words for "this message is gone". */
const GONE: ReadonlySet<string> = new Set(["message_not_found"]);
/** Slack's words for "there is no thread to reply in". */
const NO_THREAD: ReadonlySet<string> = new Set(["thread_not_found", "cannot_reply_to_message"]);
/** Slack's words for "this is too much"; a simpler form is sent instead. */
const TOO_MUCH: ReadonlySet<string> = new Set([
  "msg_blocks_too_long",
  "msg_too_long",
  "invalid_blocks",
  "invalid_blocks_format",
  "no_text",
]);
/** Slack's words for "this can never be edited". */
const FINAL: ReadonlySet<string> = new Set(["edit_window_closed", "cant_update_message", "block_mismatch"]);
/** Slack's words for what no other post in the channel will be spared. */
const CHANNEL: ReadonlySet<string> = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "restricted_action",
  "restricted_action_thread_only_channel",
]);
/** Slack's words for what no other call of the method will be spared. */
const TOKEN: ReadonlySet<string> = new Set([
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "missing_scope",
  "ekm_access_denied",
]);

/** What a refusal asks of the publisher. */
export type Refusal = "gone" | "no-thread" | "too-much" | "final" | "channel" | "token" | "other";

/** Sorts what a call threw; undefined when Slack did not refuse it. */
export function refusalOf(error: unknown): Refusal | undefined {
  const failure = sortSlackError(error);
  if (failure.kind !== "refused") return undefined;
  if (GONE.has(failure.error)) return "gone";
  if (NO_THREAD.has(failure.error)) return "no-thread";
  if (TOO_MUCH.has(failure.error)) return "too-much";
  if (FINAL.has(failure.error)) return "final";
  if (CHANNEL.has(failure.error)) return "channel";
  return TOKEN.has(failure.error) ? "token" : "other";
}
