import type { PastRun, RunHistory } from "../actions/services.ts";
import { FailureError } from "../lib/failure.ts";
import type { ListedRun, RunStore, StoredEvent } from "./ports.ts";

/** So many runs of one runbook on one cluster are looked through; who looks for an older one finds none. */
const MOST = 200;

/** Gives the history of a store's runs: the list at once, the events of a run when it is asked for. */
export function createRunHistory(store: Pick<RunStore, "list" | "read">): RunHistory {
  return {
    of: async function* ({ cluster, runbook }, { signal }) {
      for (const listed of await store.list({ cluster, runbook, limit: MOST })) {
        if (signal.aborted) throw aborted(cluster, runbook);
        const run = toPastRun(listed, await store.read(listed.id));
        if (run !== undefined) yield run;
      }
    },
  };
}

/** Undefined for a dry run, and for a run whose events are gone. */
function toPastRun({ id, summary }: ListedRun, stored: readonly StoredEvent[]): PastRun | undefined {
  const [first] = stored;
  if (first?.event.type !== "RunStarted" || first.event.dryRun === true) return undefined;
  return {
    id,
    startedBy: summary.startedBy,
    startedAt: summary.startedAt,
    endedAt: summary.finishedAt,
    outcome: summary.finishedAt === undefined ? "" : summary.state,
    drill: summary.drill,
    calls: stored.flatMap(({ event }) =>
      event.type === "StepAttempted" ? [{ action: event.plan.call.name, at: event.at }] : [],
    ),
  };
}

function aborted(cluster: string, runbook: string): FailureError {
  return new FailureError({
    reason: "aborted",
    retryable: true,
    message: `cannot look for runs of ${runbook} on ${cluster}: the step's time is over; try again`,
  });
}
