import { z } from "zod";
import type { Series, SeriesPoint } from "../actions/services.ts";

const Labels = z.record(z.string(), z.string());
const Point = z.tuple([z.number(), z.string()]);

/** A series of native histograms has `histogram` instead, which is no number. */
const Answer = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ metric: Labels, value: Point.optional() })),
    }),
    z.object({
      resultType: z.literal("matrix"),
      result: z.array(z.object({ metric: Labels, values: z.array(Point).optional() })),
    }),
    z.object({ resultType: z.literal("scalar"), result: Point }),
  ]),
});

const Refusal = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/** What Prometheus says of a query that it refuses. */
export type PrometheusRefusal = { readonly type: string; readonly words: string };

/** Reads a good answer of `/api/v1/query` or `/api/v1/query_range`; undefined when it is none, or one of text (a string literal). */
export function parseSeries(text: string): readonly Series[] | undefined {
  const parsed = Answer.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { data } = parsed.data;
  if (data.resultType === "scalar") return toSeries({}, [data.result]);
  if (data.resultType === "vector") {
    return data.result.flatMap(({ metric, value }) => toSeries(metric, value === undefined ? [] : [value]));
  }
  return data.result.flatMap(({ metric, values }) => toSeries(metric, values ?? []));
}

/** Reads the error that Prometheus answers with; undefined when the answer is somebody else's. */
export function parseRefusal(text: string): PrometheusRefusal | undefined {
  const parsed = Refusal.safeParse(parseJson(text));
  return parsed.success ? { type: parsed.data.errorType, words: parsed.data.error } : undefined;
}

function toSeries(labels: Series["labels"], points: readonly z.infer<typeof Point>[]): readonly Series[] {
  if (points.length === 0) return [];
  return [
    { labels, points: points.map(([seconds, value]): SeriesPoint => [Math.round(seconds * 1000), toNumber(value)]) },
  ];
}

/** Prometheus writes numbers as text, for JSON has no infinity. */
function toNumber(text: string): number {
  return Number(text.replace(/^(?<sign>[+-]?)Inf$/u, "$<sign>Infinity"));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
