import { FailureError } from "../lib/failure.ts";

/** NotWhole says by what a file is no whole snapshot; nothing of its content is in it. */
export class NotWhole extends Error {
  constructor(why: string) {
    super(why);
    this.name = "NotWhole";
  }
}

/** Builds the error of a snapshot that came and was not whole: it was not kept. */
export function notWholeFailure(name: string, { message }: NotWhole): FailureError {
  return new FailureError({
    reason: "invalid-answer",
    retryable: true,
    message: `cannot keep the snapshot ${name}: ${message}; the server breaks off like this when its seal's key cannot be reached: look at its log`,
  });
}
