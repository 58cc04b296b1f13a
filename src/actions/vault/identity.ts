import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { ClusterIdentity } from "../../vault/cluster.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";
import { readNodeStates } from "../node-state.ts";

/**
 * Compares what the nodes call their cluster with what it was known as: a rebuilt or a wrong cluster behind the address must not be repaired
 * by mistake. A cluster that was never seen before is known by what it says now.
 */
export const identity = defineCheck({
  name: "vault.identity",
  summary: "Compare the cluster's identity with the known one",
  input: z.strictObject({}),
  output: z.object({
    /** At least one node said its identity, and none said another than the known one. */
    agrees: z.boolean(),
    /** An identity is configured or remembered. */
    known: z.boolean(),
    cluster_id: z.string(),
    /** Empty when only the id is configured. */
    cluster_name: z.string(),
    /** Nodes that say their identity now: unsealed ones only. */
    said: z.int(),
    /** Nodes that say another than the known one. */
    stranger_names: z.array(z.string()),
  }),
  policy: [],
  read: async (context) => {
    const [known, readings] = await Promise.all([readKnown(context), readNodeStates(context)]);
    const claims = readings.flatMap(({ node, health }) =>
      health?.clusterId === undefined || health.clusterId === "" ? [] : [{ name: node.name, id: health.clusterId }],
    );
    const strangers = claims.filter(({ id }) => id !== known?.clusterId).map(({ name }) => name);
    return {
      agrees: claims.length > 0 && strangers.length === 0,
      known: known !== undefined,
      cluster_id: known?.clusterId ?? "",
      cluster_name: known?.clusterName ?? "",
      said: claims.length,
      stranger_names: strangers,
    };
  },
});

/** A wrong cluster is what the check is there to tell, so it is no failure here. */
async function readKnown({ cluster, signal }: ActionContext): Promise<ClusterIdentity | undefined> {
  try {
    return await cluster.identity(nodeRead({ signal }));
  } catch (error) {
    if (error instanceof FailureError && error.reason === "wrong-cluster") return cluster.knownIdentity();
    throw error;
  }
}
