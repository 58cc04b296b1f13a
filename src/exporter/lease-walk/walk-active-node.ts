import { toFailure } from "../../lib/failure.ts";
import type { VaultCluster, VaultNode } from "../../vault/cluster.ts";
import { sysAuthMethods } from "../../vault/endpoints/sys-auth-methods.ts";
import { sysMounts } from "../../vault/endpoints/sys-mounts.ts";
import { activeNode } from "../active-node.ts";
import { probeNodes } from "../probe-nodes.ts";
import { withoutStrangers } from "../without-strangers.ts";
import type { Tally } from "./tally.ts";
import { walkLeases, type Walk, type WalkOptions } from "./walk-leases.ts";

/** For finding the active node, and for reading its mounts, in milliseconds. */
const CALL_MS = 5000;

/** What a walk of a cluster needs: `tally` is what is known of its mounts already. */
export type ClusterWalkOptions = Omit<WalkOptions, "node" | "mounts"> & {
  readonly cluster: VaultCluster;
  readonly tally: Tally;
};

/** Walks the leases of a cluster on its active node; a walk that could not begin has no mounts. Never throws. */
export async function walkActiveNode(options: ClusterWalkOptions): Promise<Walk> {
  const { tally, signal } = options;
  try {
    const node = await findActiveNode(options);
    const size = (mount: string): number => tally.get(mount)?.leases ?? 0;
    // The largest comes last: where a walk is stopped it is stopped there, and the others are counted.
    const mounts = (await readMounts(node, signal)).toSorted((left, right) => size(left) - size(right));
    return await walkLeases({ ...options, node, mounts });
  } catch (error) {
    return { mounts: new Map(), requests: 0, shortfall: toFailure(error) };
  }
}

async function findActiveNode({ cluster, clock, signal }: ClusterWalkOptions): Promise<VaultNode> {
  const deadline = { timeoutMs: CALL_MS, signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]) };
  const probes = async () => withoutStrangers(cluster, await probeNodes({ cluster, clock, ...deadline }));
  return await activeNode({ cluster, probes, ...deadline });
}

async function readMounts(node: VaultNode, signal: AbortSignal): Promise<readonly string[]> {
  const call = { timeoutMs: CALL_MS, signal };
  const tables = await Promise.all([node.read(sysMounts, call), node.read(sysAuthMethods, call)]);
  return tables.flat().map(({ path }) => path);
}
