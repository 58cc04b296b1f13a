import { z } from "zod";
import type { ActionContext, Precondition } from "./action.ts";
import { refusedCall } from "./refused-call.ts";

/** The input of a call that concerns a cluster as a whole: its name stands in what people approve. */
export const ClusterInput = z.strictObject({ cluster: z.string().min(1) });

/** Says whether the cluster that was named is the cluster of the run. */
export function namedClusterPrecondition({ cluster }: ActionContext, named: string): Precondition {
  const ok = named === cluster.name;
  const text = ok ? `the run is on ${named}` : `the step names ${named}, but the run is on ${cluster.name}`;
  return { name: "cluster", ok, value: cluster.name, text };
}

/** Throws reason `refused` when the cluster that was named is not the cluster of the run. */
export function requireNamedCluster({ cluster }: ActionContext, named: string, what: string): void {
  if (named === cluster.name) return;
  throw refusedCall(`cannot ${what} ${named}: the run is on ${cluster.name}; correct the step's \`with\``);
}
