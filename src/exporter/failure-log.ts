import type { FailureReason } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";
import type { Outcome } from "./collect.ts";

/** Creates a log of failing collectors that writes when a reason changes and when it ends, not at every scrape. */
export function createFailureLog(logger: Logger): (outcomes: readonly Outcome[]) => void {
  const failing = new Map<string, FailureReason>();
  return (outcomes) => {
    for (const { cluster, collector, failure } of outcomes) {
      const key = `${cluster}/${collector}`;
      const facts = { vault_cluster: cluster, collector };
      if (failure === undefined) {
        if (failing.delete(key)) logger.info("collector recovered", facts);
      } else if (failing.get(key) !== failure.reason) {
        failing.set(key, failure.reason);
        logger.warn("collector could not read all", { ...facts, reason: failure.reason, cause: failure.message });
      }
    }
  };
}
