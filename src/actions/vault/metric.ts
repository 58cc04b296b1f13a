import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import { sysMetrics } from "../../vault/endpoints/sys-metrics.ts";
import { defineCheck } from "../action.ts";
import { parseLabels, readMetricSamples } from "../metric-samples.ts";
import { nodeRead } from "../node-read.ts";

/**
 * Reads one metric from the active node's own page. Only the active node's: a standby goes on showing what was true when it led. Quantiles
 * are NaN when nothing happened in the last ten seconds, and a metric that Vault never set is not there.
 */
export const metric = defineCheck({
  name: "vault.metric",
  summary: "Read one metric from the active node's own page",
  input: z.strictObject({
    name: z.string().regex(/^[a-zA-Z_:][\w:]*$/u, "the name of a metric"),
    /** Only samples with these labels: `quantile="0.99"`, several with commas between. */
    labels: z.string().default(""),
  }),
  output: z.object({
    /** At least one sample is a number. */
    found: z.boolean(),
    /** Of the only sample; 0 when there is none, and when there are several (then `sum` or `max` is meant). */
    value: z.number(),
    /** Samples that are numbers; the others are NaN or infinite. */
    samples: z.int(),
    not_numbers: z.int(),
    /** 0 when there is none. */
    sum: z.number(),
    max: z.number(),
  }),
  policy: [{ path: "sys/metrics", capabilities: ["read"] }],
  read: async (context, { name, labels: text }) => {
    const labels = parseLabels(text);
    if (labels === undefined) throw badLabels();
    const active = await context.cluster.activeNode(nodeRead(context));
    const { body } = await active.stream(sysMetrics, nodeRead(context));
    const all = await readMetricSamples(body, { name, labels }, active.name);
    const numbers = all.filter((value) => Number.isFinite(value));
    const [only = 0] = numbers;
    return {
      found: numbers.length > 0,
      value: numbers.length === 1 ? only : 0,
      samples: numbers.length,
      not_numbers: all.length - numbers.length,
      sum: numbers.reduce((sum, value) => sum + value, 0),
      // Not spread into Math.max: a metric may have a hundred thousand series.
      max: numbers.reduce((most, value) => Math.max(most, value), numbers[0] ?? 0),
    };
  },
});

function badLabels(): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot begin vault.metric: "labels" is not a list of labels; write them like quantile="0.99",cluster="prod"`,
  });
}
