import { FailureError } from "../lib/failure.ts";
import { matchRaftMembers, type ConfiguredNode } from "../lib/raft-members.ts";
import type { VaultCluster, VaultNode } from "../vault/cluster.ts";
import type { RaftServer } from "../vault/endpoints/raft-configuration.ts";
import type { CallOptions } from "../vault/transport.ts";
import { apiAddress, type ApiPort } from "./api-address.ts";
import { byName } from "./by-name.ts";
import type { DiscoveryWorld } from "./discovery-world.ts";
import type { DiscoveredNode, NodeDiscovery } from "./node-discovery.ts";
import { createPolledDiscovery } from "./polled-discovery.ts";

/** Whom to ask, and how the nodes that it names are spoken to. */
export type RaftQuestion = ApiPort & {
  readonly refresh: number;
  /** The nodes of the configuration: raft's members that are these are not found again. */
  readonly configured: readonly ConfiguredNode[];
  /** The cluster whose nodes are looked for; it is there when the first look begins. */
  readonly cluster: () => Pick<VaultCluster, "name" | "activeNode" | "knownIdentity">;
};

const TIMEOUT_MS = 5000;

/** Creates the discovery of raft's members, dead ones and non-voters included, by the word of the active node (token, `read`). */
export function createRaftDiscovery(question: RaftQuestion, world: DiscoveryWorld): NodeDiscovery {
  return createPolledDiscovery(
    {
      kind: "raft",
      refreshMs: question.refresh,
      look: async (signal) => membersToNodes(await readMembers(question, { signal, timeoutMs: TIMEOUT_MS }), question),
    },
    world,
  );
}

async function readMembers({ cluster }: RaftQuestion, call: CallOptions): Promise<readonly RaftServer[]> {
  const active = await cluster().activeNode(call);
  await refuseStranger(cluster(), active, call);
  return (await active.raftConfiguration(call)).servers;
}

/** An address may lead to another cluster by now: it must not get our token, nor name our nodes. */
async function refuseStranger(
  cluster: ReturnType<RaftQuestion["cluster"]>,
  node: VaultNode,
  call: CallOptions,
): Promise<void> {
  const pinned = cluster.knownIdentity()?.clusterId;
  if (pinned === undefined) return;
  const { clusterId } = await node.health(call);
  if (clusterId === undefined || clusterId === pinned) return;
  throw new FailureError({
    reason: "wrong-cluster",
    retryable: false,
    message:
      `cannot ask ${node.name} (${node.address}) for the members of ${cluster.name}: it says cluster id ${clusterId}, ` +
      `but ${cluster.name} is ${pinned}; correct the address, or pin the new id with clusterId when the cluster was rebuilt`,
  });
}

/** A member is called by its raft node id, which nobody else has; its API is at the host of its cluster address. */
function membersToNodes(members: readonly RaftServer[], question: RaftQuestion): readonly DiscoveredNode[] {
  const { strangers } = matchRaftMembers(question.configured, members);
  return strangers
    .flatMap(({ nodeId, address }) => {
      const host = hostOf(address);
      return host === undefined ? [] : [{ name: nodeId, address: apiAddress(host, question), raftNodeId: nodeId }];
    })
    .sort(byName);
}

function hostOf(address: string): string | undefined {
  const url = URL.parse(`https://${address}`);
  return url === null ? undefined : url.hostname.replace(/^\[|\]$/gu, "");
}
