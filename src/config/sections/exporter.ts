import { z } from "zod";
import { Duration, Interval } from "../../runbook/schema.ts";

/** Every collector, in the order of the page; a test compares it with the registry. */
export const COLLECTORS = [
  "node",
  "leadership",
  "raft",
  "backup",
  "leases",
  "lease-walk",
  "tokens",
  "audit",
  "keyring",
  "ceremonies",
  "quotas",
  "kms",
  "license",
  "replication",
  "own-token",
] as const;

/** On unless the configuration says otherwise; the lease walk costs the active node work and is asked for by name. */
export const DEFAULT_COLLECTORS = COLLECTORS.filter((name) => name !== "lease-walk");

const Collectors = z.array(z.enum(COLLECTORS));

/** Passthrough puts Vault's own metrics on our page. */
export const Passthrough = z.strictObject({
  mode: z.enum(["off", "active", "all"]).default("off").describe("Whose own metrics are on the page too."),
  include: z
    .array(z.string().min(1))
    .default([])
    .describe("Only families whose name one of these fits (`*` is any text); default: all."),
  exclude: z.array(z.string().min(1)).default([]).describe("No families whose name one of these fits."),
});

/** LeaseWalk bounds the counting of leases by mount. */
export const LeaseWalk = z.strictObject({
  interval: Interval.prefault("1h").describe("From the end of one walk to the begin of the next."),
  requestsPerSecond: z.number().positive().max(100).default(5).describe("Never more lists a second than this."),
  maxRequests: z.int().positive().default(10_000).describe("A walk ends as partial after so many lists."),
  maxDepth: z.int().min(1).max(10).default(4).describe("Levels below `sys/leases/lookup/` that are listed."),
  maxLatency: z
    .number()
    .min(1)
    .default(3)
    .describe("The walk stops when the node's `sys/health` takes so many times as long as before the walk."),
});

/** Module is a set of collectors that `/probe?module=NAME` runs. */
export const Module = z.strictObject({
  collectors: Collectors.describe("What it runs."),
  timeout: Interval.optional().describe("Its deadline when Prometheus does not tell its own."),
  passthrough: Passthrough.optional().describe("Whose own metrics it shows; default: nobody's."),
});

/** Exporter is what `/metrics` and `/probe` show. */
export const Exporter = z.strictObject({
  timeout: Interval.prefault("9s").describe("Deadline of a scrape when Prometheus does not tell its own."),
  timeoutOffset: Duration.prefault("500ms").describe("How much earlier than Prometheus' time-out an answer is given."),
  collectors: Collectors.default(DEFAULT_COLLECTORS).describe("What `/metrics` runs on every cluster."),
  passthrough: Passthrough.prefault({}),
  modules: z
    .record(z.string().regex(/^[a-z0-9_-]+$/u), Module)
    .default({})
    .describe("What `/probe?module=NAME` may run."),
  webConfigFile: z
    .string()
    .min(1)
    .optional()
    .describe("Web configuration file of Prometheus' exporter-toolkit: TLS, client certificates, basic auth."),
  compatMetrics: z
    .boolean()
    .default(false)
    .describe("Also the nine metrics of the grapeshot/vault_exporter family (`vault_up`, `vault_sealed` …)."),
  leaseWalk: LeaseWalk.prefault({}),
});
export type Exporter = z.infer<typeof Exporter>;
