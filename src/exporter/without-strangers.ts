import type { Failure } from "../lib/failure.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { NodeProbe } from "./probe-nodes.ts";

/**
 * Gives the probes of nodes that name another cluster than ours as unreachable, with reason `wrong-cluster`: an address may lead to a
 * stranger that is well. Ours is the pinned identity, else what most of those that say anything name; never throws.
 */
export function withoutStrangers(cluster: VaultCluster, probes: readonly NodeProbe[]): readonly NodeProbe[] {
  const ours = pinnedId(cluster) ?? majorityClaim(probes);
  return probes.map((probe) => {
    const claim = claimOf(probe);
    if (ours === undefined || claim === undefined || claim === ours) return probe;
    return strangerOf(probe, wrongCluster(cluster, probe, { claim, ours }));
  });
}

/** A store that cannot be read must not take with it what nodes say without a token. */
function pinnedId(cluster: VaultCluster): string | undefined {
  try {
    return cluster.knownIdentity()?.clusterId;
  } catch {
    return undefined;
  }
}

/** A sealed node cannot say, and a listener may hide the id; no id is no claim. */
function claimOf({ health, seal }: NodeProbe): string | undefined {
  return [health?.clusterId, seal?.clusterId].find((id) => id !== undefined && id !== "");
}

/** What more than half of those that say anything agree on; nobody is a stranger when there is no such id. */
function majorityClaim(probes: readonly NodeProbe[]): string | undefined {
  const claims = probes.flatMap((probe) => claimOf(probe) ?? []);
  return claims.find((claim) => claims.filter((other) => other === claim).length > claims.length / 2);
}

function strangerOf({ node, askedAt }: NodeProbe, failure: Failure): NodeProbe {
  const words = { health: undefined, seal: undefined, leader: undefined, listener: undefined };
  const measures = { healthMs: undefined, clockSkewSeconds: undefined };
  return { node, state: "unreachable", ...words, askedAt, ...measures, failure };
}

function wrongCluster(
  { name }: VaultCluster,
  { node }: NodeProbe,
  { claim, ours }: { readonly claim: string; readonly ours: string },
): Failure {
  const what = `cannot count ${node.name} (${node.address}) as a node of ${name}`;
  const why = `it says cluster id ${claim}, but ${name} is ${ours}`;
  const todo = "correct the address, or pin the new id with clusterId when the cluster was rebuilt";
  return { reason: "wrong-cluster", retryable: false, message: `${what}: ${why}; ${todo}` };
}
