import { FailureError, type Failure } from "../lib/failure.ts";
import { suggestion } from "../lib/nearest.ts";
import { redact } from "../lib/redact.ts";
import type { VaultCluster } from "../vault/cluster.ts";

/** ProbeTarget is what one probe looks at: clusters as a whole, or one node alone. */
export type ProbeTarget = {
  /** How it is asked for: `prod`, `prod/vault-0`, or `all`. */
  readonly name: string;
  readonly clusters: readonly VaultCluster[];
  /** When only this node of the one cluster is looked at. */
  readonly node?: string;
};

/** A target, or why there is none, in words for whoever asks. */
export type TargetFinding =
  { readonly ok: true; readonly target: ProbeTarget } | { readonly ok: false; readonly why: string };

/** Everything that is configured. */
export function everyTarget(clusters: readonly VaultCluster[]): ProbeTarget {
  return { name: "all", clusters };
}

/**
 * Finds a target by its configured name and by nothing else: an address in the query would get whatever token we have. A cluster's name comes
 * before `cluster/node`, and that before a node's own name, which must be unique.
 */
export function findTarget(clusters: readonly VaultCluster[], asked: string): TargetFinding {
  const named = clusters.find(({ name }) => name === asked);
  if (named !== undefined) return { ok: true, target: { name: asked, clusters: [named] } };
  const nodes = clusters.flatMap((cluster) => cluster.nodes.map(({ name }) => nodeTarget(cluster, name)));
  const found = nodes.filter(({ name, node }) => name === asked || node === asked);
  const [target] = found.filter(({ name }) => name === asked).concat(found);
  if (target === undefined) {
    const known = [...clusters.map(({ name }) => name), ...nodes.map(({ name }) => name)];
    return { ok: false, why: `no cluster or node has this name${suggestion(shown(asked), known)}` };
  }
  if (target.name === asked || found.length === 1) return { ok: true, target };
  return { ok: false, why: `several nodes have this name; write one of ${found.map(({ name }) => name).join(", ")}` };
}

/** Shows what somebody wrote into a query, shortened and without secrets: it goes into answers. */
export function shown(asked: string): string {
  const safe = redact(asked);
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe;
}

/** The node alone: whoever gets this cluster can call no other. */
function nodeTarget(cluster: VaultCluster, node: string): ProbeTarget & { readonly node: string } {
  const alone: VaultCluster = {
    ...cluster,
    nodes: cluster.nodes.filter(({ name }) => name === node),
    activeNode: async () => await Promise.reject(new FailureError(oneNodeOnly(cluster.name, node))),
  };
  return { name: `${cluster.name}/${node}`, clusters: [alone], node };
}

function oneNodeOnly(cluster: string, node: string): Failure {
  const message = `cannot ask the active node of ${cluster}: only ${node} is probed; probe the cluster`;
  return { reason: "refused", retryable: false, message };
}
