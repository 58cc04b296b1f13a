import type { RunService } from "../../runner/ports.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { DrillFacts } from "../../slack/insight.ts";

/** How far back a drill is looked for, in runs of its runbook; as the exporter's gauges do. */
const MOST_PAST_RUNS = 1000;

/** Tells when each runbook that is to be practised (`drillEvery`) last was, those first that are due first; one never practised has no due time and is first. */
export async function readDrillFacts(
  runbooks: readonly Runbook[],
  runs: Pick<RunService, "summaries">,
): Promise<readonly DrillFacts[]> {
  const facts = await Promise.all(
    runbooks.map(async ({ id, title, drillEvery }) =>
      drillEvery === undefined ? [] : [await drillOf({ runbook: id, title, everyMs: drillEvery }, runs)],
    ),
  );
  return facts.flat().sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0));
}

async function drillOf(
  rule: Pick<DrillFacts, "runbook" | "title" | "everyMs">,
  runs: Pick<RunService, "summaries">,
): Promise<DrillFacts> {
  const past = await runs.summaries({ open: false, runbook: rule.runbook, limit: MOST_PAST_RUNS });
  const ends = past.flatMap(({ summary: { drill, state, finishedAt } }) =>
    drill && state === "resolved" && finishedAt !== undefined ? [finishedAt] : [],
  );
  const lastAt = ends.length === 0 ? undefined : Math.max(...ends);
  return { ...rule, lastAt, dueAt: lastAt === undefined ? undefined : lastAt + rule.everyMs };
}
