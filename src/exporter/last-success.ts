import type { Clock, Timestamp } from "../lib/clock.ts";
import type { Outcome } from "./collect.ts";

/** LastSuccess remembers over scrapes when each collector last read all of its subject. */
export type LastSuccess = {
  readonly note: (outcomes: readonly Outcome[]) => void;
  /** 0 when it never did. */
  readonly of: (outcome: Pick<Outcome, "cluster" | "collector">) => Timestamp;
};

/** Creates a memory that lives as long as the program. */
export function createLastSuccess(clock: Clock): LastSuccess {
  const times = new Map<string, Timestamp>();
  const key = ({ cluster, collector }: Pick<Outcome, "cluster" | "collector">): string => `${cluster}/${collector}`;
  return {
    note: (outcomes) => {
      for (const outcome of outcomes) if (outcome.failure === undefined) times.set(key(outcome), clock.now());
    },
    of: (outcome) => times.get(key(outcome)) ?? 0,
  };
}
