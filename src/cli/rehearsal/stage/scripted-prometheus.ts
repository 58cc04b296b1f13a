import type { PrometheusApi, Series } from "../../../actions/services.ts";
import type { Clock } from "../../../lib/clock.ts";
import { FailureError } from "../../../lib/failure.ts";
import type { ClusterSetting } from "../test-file.ts";

/** Creates a Prometheus that answers as the test says: one series without labels, or none. */
export function createScriptedPrometheus(
  answers: Exclude<ClusterSetting["prometheus"], undefined>,
  clock: Clock,
): PrometheusApi {
  const valuesOf = (query: string): readonly number[] | undefined => {
    const values = answers.find((each) => query.includes(each.query))?.values;
    if (values === "fails") throw silent();
    return values;
  };
  const seriesOf = (points: Series["points"]): readonly Series[] => [{ labels: {}, points }];
  return {
    query: async (query) => {
      const last = valuesOf(query)?.at(-1);
      return await Promise.resolve(last === undefined ? [] : seriesOf([[clock.now(), last]]));
    },
    queryRange: async (query, { from, to, stepMs }) => {
      const values = valuesOf(query);
      if (values === undefined) return await Promise.resolve([]);
      const steps = Math.floor((to - from) / stepMs) + 1;
      // Each value holds until the next: what is told of a whole hour may be two numbers.
      const at = (step: number): number => values[Math.floor((step * values.length) / steps)] ?? 0;
      return await Promise.resolve(
        seriesOf(Array.from({ length: steps }, (_, step) => [from + step * stepMs, at(step)])),
      );
    },
  };
}

function silent(): FailureError {
  return new FailureError({
    reason: "unreachable",
    retryable: true,
    message: "cannot ask Prometheus: it does not answer; look at prometheus.url",
  });
}
