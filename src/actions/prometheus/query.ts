import { z } from "zod";
import { defineCheck } from "../action.ts";
import { requiredService } from "../required-service.ts";

/** Asks the configured Prometheus for the value of an expression now. What it says is as old as its last scrape. */
export const query = defineCheck({
  name: "prometheus.query",
  summary: "Ask Prometheus for a value now",
  input: z.strictObject({
    /** PromQL; aggregate it to one series where `value` is meant. */
    query: z.string().min(1),
  }),
  output: z.object({
    /** At least one series is a number. */
    found: z.boolean(),
    /** Of the only series; 0 when there is none, and when there are several (then `max` or `min` is meant). */
    value: z.number(),
    /** Series that are numbers; NaN and infinities are left out, for no comparison with them means anything. */
    count: z.int(),
    not_numbers: z.int(),
    /** 0 when there is none. */
    max: z.number(),
    min: z.number(),
  }),
  policy: [],
  read: async ({ services, signal }, { query: promql }) => {
    const prometheus = requiredService(services.prometheus, {
      task: "ask Prometheus",
      lack: "none is configured",
      advice: "set prometheus.url",
    });
    const series = await prometheus.query(promql, { signal });
    const all = series.flatMap(({ points }) => points.map(([, value]) => value));
    const numbers = all.filter((value) => Number.isFinite(value));
    const [first = 0] = numbers;
    return {
      found: numbers.length > 0,
      value: numbers.length === 1 ? first : 0,
      count: numbers.length,
      not_numbers: all.length - numbers.length,
      max: numbers.reduce((most, value) => Math.max(most, value), first),
      min: numbers.reduce((least, value) => Math.min(least, value), first),
    };
  },
});
