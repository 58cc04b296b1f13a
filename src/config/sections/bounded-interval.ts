import { Interval } from "../../runbook/schema.ts";

/** An interval of a second at least, and so many seconds at most. */
export function atLeastOneSecondAtMost(seconds: number) {
  return Interval.refine((milliseconds) => milliseconds <= seconds * 1000, `a time of at most ${seconds}s is wanted`);
}
