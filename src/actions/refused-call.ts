import { FailureError } from "../lib/failure.ts";

/** Builds the error of a call that is not made, because what people agreed to is not so any more: `cannot <do>: <why>; <advice>`. */
export function refusedCall(message: string): FailureError {
  return new FailureError({ reason: "refused", retryable: false, message });
}
