import { z } from "zod";
import type { FinishedRun, OpenRun, StepRecord } from "../../engine/run.ts";
import type { Chart } from "../../lib/chart.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { stepAtPath } from "../../runbook/step-path.ts";
import { beforeAndNow } from "./before-and-now.ts";
import { seriesNames } from "./series-names.ts";

/**
 * Gives the charts of a step that ended: how a value went (`prometheus.query-range`), or a count before and now, where the same was counted
 * earlier in the run. Only what people look at rather than read; no chart of what an older version stored without points.
 */
export function chartsOf(run: OpenRun | FinishedRun, stepId: string): readonly Chart[] {
  const step = run.steps.find(({ id }) => id === stepId);
  if (step?.status !== "done" || step.endedAt === undefined) return [];
  const marks = marksUntil(run, step.endedAt);
  return [...ranges(run, step, marks), ...beforeAndNow(run, step, marks)];
}

/** The outputs of `prometheus.query-range` that a chart needs; a series without points was only told. */
const Range = z.object({
  from: z.number(),
  step: z.number().positive(),
  unit: z.string(),
  count: z.int().optional(),
  series: z.array(z.object({ labels: z.string(), points: z.array(z.number()), gaps: z.array(z.int()) })),
});

function ranges(run: OpenRun | FinishedRun, step: StepRecord, marks: Chart["marks"]): readonly Chart[] {
  const made = stepAtPath(run, step.id);
  if (made === undefined || !("check" in made) || made.check !== "prometheus.query-range") return [];
  const { data } = Range.safeParse(run.results[step.id]);
  const drawn = data?.series.filter(({ points }) => points.length > 0) ?? [];
  if (data === undefined || drawn.length === 0) return [];
  const names = seriesNames(drawn.map(({ labels }) => labels));
  const series = drawn.map(({ points, gaps }, index) => ({
    name: names[index] ?? "",
    points: stepsWithout(gaps, points.length).map(
      (step, nth) => [data.from + step * data.step, points[nth] ?? 0] as const,
    ),
  }));
  const { count = data.series.length, unit } = data;
  const some = series.length < count ? ` (${series.length} of ${count} series)` : "";
  return [{ title: `${step.title}${some}`, unit, series, marks }];
}

/** The first steps that are no gaps. */
function stepsWithout(gaps: readonly number[], count: number): readonly number[] {
  const missing = new Set(gaps);
  return Array.from({ length: count + missing.size }, (_, step) => step)
    .filter((step) => !missing.has(step))
    .slice(0, count);
}

/** What happened until a moment: a chart says what was known then, and never changes. */
function marksUntil({ startedAt, gates }: OpenRun | FinishedRun, until: Timestamp): Chart["marks"] {
  const approved = gates.flatMap(({ gate, outcome, closedAt }) =>
    closedAt !== undefined && (outcome === "agreed" || outcome === "broken")
      ? [{ at: closedAt, label: `${gate.plan.call.name} approved` }]
      : [],
  );
  return [{ at: startedAt, label: "run started" }, ...approved].filter(({ at }) => at <= until);
}
