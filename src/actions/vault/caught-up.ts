import { z } from "zod";
import { matchRaftMembers } from "../../lib/raft-members.ts";
import type { AutopilotServer } from "../../vault/endpoints/raft-autopilot-state.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { defineCheck } from "../action.ts";
import { MAX_LAG } from "../max-lag.ts";
import { nodeRead } from "../node-read.ts";

/**
 * Compares a node's raft index with the leader's, by the word of both in `sys/leader`. Autopilot's own index is not used where the node
 * tells its own: it goes on showing a sealed node as healthy, with the index it had, for about ten seconds.
 */
export const caughtUp = defineCheck({
  name: "vault.caught-up",
  summary: "Compare a node's raft index with the leader's",
  input: z.strictObject({ node: z.string() }),
  output: z.object({
    /** Autopilot knows the node, by its raft id or its host; a member that was removed is not known, whatever it says of itself. */
    known: z.boolean(),
    index: z.int(),
    leader_index: z.int(),
    lag: z.int(),
    /** Known, and at most 100 entries behind. */
    caught_up: z.boolean(),
    /** Autopilot's word. */
    healthy: z.boolean(),
  }),
  policy: [{ path: "sys/storage/raft/autopilot/state", capabilities: ["read"] }],
  read: async (context, { node: name }) => {
    const { cluster } = context;
    const node = cluster.node(name);
    const active = await cluster.activeNode(nodeRead(context));
    // The leader first: what it had committed then, the node can have applied now.
    const [{ servers }, leader] = await Promise.all([
      active.autopilotState(nodeRead(context)),
      active.leader(nodeRead(context)),
    ]);
    const own = await node.leader(nodeRead(context));
    const server = serverOf(cluster.nodes, servers, node);
    const leaderIndex = leader.raftCommittedIndex ?? serverOf(cluster.nodes, servers, active)?.lastIndex ?? 0;
    const index = own.raftAppliedIndex ?? server?.lastIndex ?? 0;
    const lag = Math.max(0, leaderIndex - index);
    return {
      known: server !== undefined,
      index,
      leader_index: leaderIndex,
      lag,
      caught_up: server !== undefined && leaderIndex > 0 && lag <= MAX_LAG,
      healthy: server?.healthy ?? false,
    };
  },
});

/** An unknown node is not called removed here: it is not known, and nothing more. `vault.raft-peers` tells whether it is a member. */
function serverOf(
  nodes: readonly VaultNode[],
  servers: readonly AutopilotServer[],
  { name }: VaultNode,
): AutopilotServer | undefined {
  const listed = servers.map((server) => ({ nodeId: server.id, address: server.address, server }));
  return matchRaftMembers(nodes, listed).pairs.find(({ node }) => node.name === name)?.member.server;
}
