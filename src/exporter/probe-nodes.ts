import type { Clock, Timestamp } from "../lib/clock.ts";
import { toFailure, type Failure } from "../lib/failure.ts";
import type { VaultCluster, VaultNode } from "../vault/cluster.ts";
import type { SysHealth } from "../vault/endpoints/sys-health.ts";
import type { SysLeader } from "../vault/endpoints/sys-leader.ts";
import type { SysSealStatus } from "../vault/endpoints/sys-seal-status.ts";
import type { ListenerProbe } from "../vault/listener.ts";
import { callBudget, type Deadline } from "./call-budget.ts";

/** The states of a node that differ for whoever is on call; `unsealed` is a node that did not say whether it is active. */
export const NODE_STATES = ["active", "standby", "sealed", "uninitialized", "unsealed", "unreachable"] as const;

/** One of `NODE_STATES`. */
export type NodeState = (typeof NODE_STATES)[number];

/** NodeProbe is what one node says of itself without a token; an answer is undefined when that call failed. */
export type NodeProbe = {
  readonly node: VaultNode;
  readonly state: NodeState;
  readonly health: SysHealth | undefined;
  readonly seal: SysSealStatus | undefined;
  readonly leader: SysLeader | undefined;
  /** Undefined for a node of another cluster. */
  readonly listener: ListenerProbe | undefined;
  /** When it was asked: of two scrapes at once the one that ends later may know less. */
  readonly askedAt: Timestamp;
  /** How long `sys/health` took, in milliseconds. */
  readonly healthMs: number | undefined;
  /** How far its clock is from ours, in whole seconds towards 0: the node tells no more than its second. */
  readonly clockSkewSeconds: number | undefined;
  /** Why `sys/health` did not answer, or `wrong-cluster`: the node is another cluster's, and nothing that it says counts. */
  readonly failure: Failure | undefined;
};

/** What probing needs: the cluster, the time, and how long a scrape may take. */
export type ProbeOptions = Deadline & { readonly cluster: VaultCluster; readonly clock: Clock };

/** Leaves to whatever comes after a frozen node was given up its own two fifths of a scrape, and a moment to note what hung. */
const SHARE = 0.55;

/** Asks every node in parallel for `sys/health`, `sys/seal-status`, `sys/leader` and its certificate (no token); never throws. */
export async function probeNodes(options: ProbeOptions): Promise<readonly NodeProbe[]> {
  return Promise.all(options.cluster.nodes.map((node) => probeNode(node, options)));
}

async function probeNode(node: VaultNode, options: ProbeOptions): Promise<NodeProbe> {
  const budget = callBudget(options, SHARE);
  const askedAt = options.clock.now();
  const health = node.health(budget).then((answer) => ({ answer, receivedAt: options.clock.now() }));
  const [healthResult, sealResult, leaderResult, listenerResult] = await Promise.allSettled([
    health,
    node.sealStatus(budget),
    node.leader(budget),
    node.probeListener(budget),
  ]);
  const timed = valueOf(healthResult);
  const answers = { health: timed?.answer, seal: valueOf(sealResult), leader: valueOf(leaderResult) };
  return {
    node,
    state: nodeState(answers),
    ...answers,
    listener: valueOf(listenerResult),
    askedAt,
    healthMs: timed && timed.receivedAt - askedAt,
    clockSkewSeconds: timed && clockSkew(timed.answer.serverTimeSeconds, askedAt, timed.receivedAt),
    failure: healthResult.status === "rejected" ? toFailure(healthResult.reason) : undefined,
  };
}

function valueOf<T>(result: PromiseSettledResult<T>): T | undefined {
  return result.status === "fulfilled" ? result.value : undefined;
}

/** Names a node's state from its answers: each answer stands in for another that failed. */
function nodeState({ health, seal, leader }: Pick<NodeProbe, "health" | "seal" | "leader">): NodeState {
  const says = seal ?? health;
  if (says === undefined) return "unreachable";
  if (!says.initialized) return "uninitialized";
  if (says.sealed) return "sealed";
  // A node that was sealed a moment ago still calls itself a standby in sys/health; only an unsealed one means it.
  if (health !== undefined && !health.sealed) return health.standby ? "standby" : "active";
  // Without high availability there is nobody to stand by for.
  if (leader !== undefined) return leader.isSelf || !leader.haEnabled ? "active" : "standby";
  return "unsealed";
}

/** Tells whether a state is one in which the node serves or could serve requests. */
export function isUnsealed(state: NodeState): boolean {
  return state === "unsealed" || state === "standby" || state === "active";
}

function clockSkew(serverSeconds: number, sentAt: Timestamp, receivedAt: Timestamp): number {
  const earliest = Math.floor(sentAt / 1000);
  const latest = Math.floor(receivedAt / 1000);
  if (serverSeconds < earliest) return serverSeconds - earliest;
  return Math.max(0, serverSeconds - latest);
}
