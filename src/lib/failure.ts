import { redact } from "./redact.ts";

/** Why a call to the world outside failed; a closed list, used in branches, metric labels, Slack text and docs. */
export const FAILURE_REASONS = [
  "sealed",
  "standby",
  "uninitialized",
  "no-leader",
  "denied",
  "not-found",
  "rate-limited",
  "unreachable",
  "timeout",
  "aborted",
  "too-large",
  "invalid-answer",
  "wrong-cluster",
  "server-error",
  "refused",
] as const;

/** One of `FAILURE_REASONS`. */
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Failure is a failed call as data: what runs store and people read. Nothing secret is in it. */
export type Failure = {
  readonly reason: FailureReason;
  /** `cannot <do> <what> on <where>: <why>; <what to do>`. */
  readonly message: string;
  readonly retryable: boolean;
};

/** An expected failure of the world outside, thrown by edges and caught by the runner and the collectors. */
export class FailureError extends Error implements Failure {
  readonly reason: FailureReason;
  readonly retryable: boolean;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = "FailureError";
    this.reason = failure.reason;
    this.retryable = failure.retryable;
  }
}

/** Turns anything thrown into a `Failure`; a bug becomes `server-error` with its message, redacted because nobody of ours wrote it. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError)
    return { reason: error.reason, message: error.message, retryable: error.retryable };
  const message = redact(error instanceof Error ? error.message : String(error));
  return { reason: "server-error", message, retryable: false };
}
