import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { sysAuthMethods } from "../../vault/endpoints/sys-auth-methods.ts";
import { sysMetrics } from "../../vault/endpoints/sys-metrics.ts";
import { sysMounts } from "../../vault/endpoints/sys-mounts.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { readMetricSamples } from "../metric-samples.ts";
import { nodeRead } from "../node-read.ts";

const MOST_MOUNTS = 20;
const METRIC = { name: "vault_expire_num_leases", labels: {} };

/**
 * Counts leases as cheaply as Vault allows: all of them by the active node's metric (there is no other way but a walk), and the irrevocable
 * ones by mount, which Vault keeps in memory.
 */
export const leasesCount = defineCheck({
  name: "vault.leases-count",
  summary: "Count all leases, and the irrevocable ones by mount",
  input: z.strictObject({}),
  output: z.object({
    /** The active node's metrics tell the total; false when its telemetry is off. */
    total_known: z.boolean(),
    /** All leases, tokens included; a float32 in Vault, so rounded above 16 million. 0 when not known. */
    total: z.int(),
    /** Leases that Vault gave up revoking: credentials that still work in some backend. */
    irrevocable: z.int(),
    /** The mounts with most of them, at most 20; a mount that is gone is named by its accessor. */
    irrevocable_by_mount: z.array(z.object({ mount: z.string(), leases: z.int() })),
    /** There are other mounts with some. */
    more: z.boolean(),
  }),
  policy: [
    { path: "sys/auth", capabilities: ["read"] },
    { path: "sys/leases/count", capabilities: ["read"] },
    { path: "sys/metrics", capabilities: ["read"] },
    { path: "sys/mounts", capabilities: ["read"] },
  ],
  read: async (context) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const [total, irrevocable, names] = await Promise.all([
      readTotal(context, active),
      active.irrevocableLeases(nodeRead(context)),
      readMountNames(context, active),
    ]);
    const byMount = Object.entries(irrevocable.byMountAccessor)
      .filter(([, leases]) => leases > 0)
      .sort(([, left], [, right]) => right - left);
    return {
      total_known: total !== undefined,
      total: total ?? 0,
      irrevocable: irrevocable.total,
      irrevocable_by_mount: byMount
        .slice(0, MOST_MOUNTS)
        .map(([accessor, leases]) => ({ mount: names.get(accessor) ?? accessor, leases })),
      more: byMount.length > MOST_MOUNTS,
    };
  },
});

/** A node whose telemetry is off refuses the page with a 400. */
async function readTotal(context: ActionContext, active: VaultNode): Promise<number | undefined> {
  try {
    const { body } = await active.stream(sysMetrics, nodeRead(context));
    const [total] = await readMetricSamples(body, METRIC, active.name);
    return total === undefined || !Number.isFinite(total) ? undefined : Math.round(total);
  } catch (error) {
    if (error instanceof FailureError && error.reason === "refused") return undefined;
    throw error;
  }
}

async function readMountNames(context: ActionContext, active: VaultNode): Promise<ReadonlyMap<string, string>> {
  const tables = await Promise.all([
    active.read(sysMounts, nodeRead(context)),
    active.read(sysAuthMethods, nodeRead(context)),
  ]);
  return new Map(tables.flat().map(({ accessor, path }) => [accessor, path]));
}
