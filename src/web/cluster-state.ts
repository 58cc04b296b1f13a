import { toFailure, type Failure } from "../lib/failure.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { VaultCluster, VaultNode } from "../vault/cluster.ts";
import type { SysHealth } from "../vault/endpoints/sys-health.ts";
import type { SysSealStatus } from "../vault/endpoints/sys-seal-status.ts";

/** A page waits so long for a node, in milliseconds. */
const READ_TIMEOUT_MS = 2000;

/** How a node is; sealed, standby, unreachable and unknown are different things. */
export type NodeStatus = "active" | "standby" | "sealed" | "uninitialized" | "removed" | "unreachable" | "unknown";

/** A node as a page shows it. */
export type NodeState = {
  readonly name: string;
  readonly address: string;
  readonly status: NodeStatus;
  /** What else is known: the seal's type, how many key shares are in, why it could not be read. */
  readonly detail: string | undefined;
  /** Empty when the node hides it or was not reached. */
  readonly version: string;
};

/** A cluster as a page shows it, with the time at which it was read. */
export type ClusterState = { readonly name: string; readonly readAt: Timestamp; readonly nodes: readonly NodeState[] };

/** Reads how every node of a cluster is, all at once, without a token; a node that cannot be read is told as such. */
export async function readClusterState(cluster: VaultCluster, readAt: Timestamp): Promise<ClusterState> {
  return { name: cluster.name, readAt, nodes: await Promise.all(cluster.nodes.map(readNodeState)) };
}

async function readNodeState(node: VaultNode): Promise<NodeState> {
  const options = { timeoutMs: READ_TIMEOUT_MS };
  const [health, seal] = await Promise.all([orFailure(node.health(options)), orFailure(node.sealStatus(options))]);
  return { name: node.name, address: node.address, ...describeNode(health, seal) };
}

/** An answer, or why there is none. */
type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

async function orFailure<T>(answer: Promise<T>): Promise<Read<T>> {
  try {
    return { ok: true, value: await answer };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

type Description = Pick<NodeState, "status" | "detail" | "version">;

function describeNode(health: Read<SysHealth>, seal: Read<SysSealStatus>): Description {
  if (!health.ok) return describeWithoutHealth(health.failure, seal);
  const { version } = health.value;
  const say = (status: NodeStatus, detail?: string): Description => ({ status, detail, version });
  if (health.value.removedFromCluster === true) return say("removed", "it was removed from the cluster");
  if (!health.value.initialized) return say("uninitialized", "it has no data");
  if (health.value.sealed) return say("sealed", seal.ok ? describeSeal(seal.value) : undefined);
  if (!health.value.standby) return say("active");
  return say("standby", health.value.haConnectionHealthy === false ? "cut off from the active node" : undefined);
}

/** `sys/health` may be behind a quota or a proxy; the seal is then all that is known. */
function describeWithoutHealth(failure: Failure, seal: Read<SysSealStatus>): Description {
  if (seal.ok && seal.value.sealed)
    return { status: "sealed", detail: describeSeal(seal.value), version: seal.value.version };
  if (seal.ok) return { status: "unknown", detail: `unsealed, but ${failure.message}`, version: seal.value.version };
  const gone = failure.reason === "unreachable" || failure.reason === "timeout";
  return { status: gone ? "unreachable" : "unknown", detail: failure.message, version: "" };
}

function describeSeal(seal: SysSealStatus): string {
  if (seal.migration) return `${seal.type}, a seal migration is pending`;
  if (seal.type !== "shamir") return `${seal.type} auto-unseal`;
  return `${seal.type}, ${seal.progress} of ${seal.threshold} key shares entered`;
}
