import type { Clock } from "../../lib/clock.ts";
import type { CallResult, SlackObserver } from "../observer.ts";
import { sortSlackError } from "../slack-error.ts";

/** Counted makes a call of a method of the Web API and tells the observer how it ended. */
export type Counted = <T>(method: string, call: () => Promise<T>) => Promise<T>;

/** Makes calls that an observer hears of. */
export function counting(observer: SlackObserver, clock: Clock): Counted {
  return async (method, call) => {
    const from = clock.now();
    const tell = (result: CallResult): void => observer.called(method, result, (clock.now() - from) / 1000);
    try {
      const answer = await call();
      tell("ok");
      return answer;
    } catch (error) {
      tell(resultOf(error));
      throw error;
    }
  };
}

const RESULTS = { "rate-limited": "rate_limited", refused: "refused", uncertain: "uncertain" } as const;

function resultOf(error: unknown): CallResult {
  return RESULTS[sortSlackError(error).kind];
}
