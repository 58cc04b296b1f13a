import { FailureError } from "../lib/failure.ts";

/** Says that a run that ended asked for a lock: nothing would ever give it back. Reason `refused`. */
export function lockOfEndedRun(cluster: string, runId: string): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot take the lock of cluster ${cluster} for run ${runId}: the run has ended; start another run`,
  });
}
