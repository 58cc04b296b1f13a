import { FailureError } from "../lib/failure.ts";
import type { FailureReason } from "../lib/failure.ts";
import type { VaultRequest } from "./transport.ts";

/** Call is what an error may tell of a request: never its body, never its token. */
export type Call = Pick<VaultRequest, "method" | "path" | "query" | "asks"> & {
  readonly nodeName: string;
  readonly address: string;
};

/** Explanation is why a call failed, in the parts of the house form. */
export type Explanation = {
  readonly reason: FailureReason;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  readonly why: string;
  readonly advice: string;
};

/** Builds the error of a call: `cannot read <path> on <node>: <why>; <advice>`. */
export function callFailure(call: Call, explanation: Explanation, cause?: unknown): FailureError {
  const verb = reads(call) ? "read" : "call";
  return new FailureError(
    {
      reason: explanation.reason,
      retryable: explanation.retryable,
      message: `cannot ${verb} ${call.path} on ${call.nodeName}: ${explanation.why}; ${explanation.advice}`,
    },
    { cause },
  );
}

/**
 * Marks a failure after which nobody knows whether the call took effect. A read is just read again; a change is not
 * retryable, because only a look at the cluster can tell.
 */
export function uncertain(call: Call, explanation: Omit<Explanation, "retryable">): Explanation {
  if (reads(call)) return { ...explanation, retryable: true };
  return {
    ...explanation,
    retryable: false,
    advice: `${explanation.advice}; it may have taken effect: look before it is called again`,
  };
}

function reads({ method, asks }: Call): boolean {
  return method === "GET" || asks === true;
}
