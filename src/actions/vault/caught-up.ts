import { z } from "zod";
import { defineCheck } from "../action.ts";

/** More than this is a real lag: both indexes are read now, the leader's first. A node under load is always some entries behind. */
const MAX_LAG = 100;

/**
 * Compares a node's raft index with the leader's, by the word of both in `sys/leader`. Autopilot's own index is not used where the node
 * tells its own: it goes on showing a sealed node as healthy, with the index it had, for about ten seconds.
 */
export const caughtUp = defineCheck({
  name: "vault.caught-up",
  summary: "Compare a node's raft index with the leader's",
  input: z.strictObject({ node: z.string() }),
  output: z.object({
    /** Autopilot knows the node; a member that was removed is not known, whatever it says of itself. */
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
  read: async ({ cluster, signal }, { node: name }) => {
    const node = cluster.node(name);
    const active = await cluster.activeNode({ signal });
    const { servers } = await active.autopilotState({ signal });
    const server = servers.find(({ id }) => id === node.raftNodeId);
    // The leader first: what it had committed then, the node can have applied now.
    const leader = await active.leader({ signal });
    const own = await node.leader({ signal });
    const leaderIndex = leader.raftCommittedIndex ?? servers.find(({ id }) => id === active.raftNodeId)?.lastIndex ?? 0;
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
