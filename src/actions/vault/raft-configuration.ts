import { z } from "zod";
import { defineCheck } from "../action.ts";
import { memberNames } from "../member-names.ts";
import { nodeRead } from "../node-read.ts";

const Names = z.array(z.string());

/**
 * Reads who is a member, from the active node's own configuration of raft and nothing else: it answers where autopilot is silent, and needs
 * one line of policy. `vault.raft-peers` adds who is healthy.
 */
export const raftConfiguration = defineCheck({
  name: "vault.raft-configuration",
  summary: "Read who is a member of raft",
  input: z.strictObject({}),
  output: z.object({
    members: z.int(),
    voters: z.int(),
    /** Name of the leader by raft's word; empty when raft names none. */
    leader: z.string(),
    voter_names: Names,
    non_voter_names: Names,
    /** Raft ids, in raft's order. */
    ids: Names,
    /** Host and cluster port, in the same order. */
    addresses: Names,
  }),
  policy: [{ path: "sys/storage/raft/configuration", capabilities: ["read"] }],
  read: async (context) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const { servers } = await active.raftConfiguration(nodeRead(context));
    const names = memberNames(context, servers);
    const namesOf = (wanted: (server: (typeof servers)[number]) => boolean): string[] =>
      servers.filter(wanted).map(({ nodeId }) => names.get(nodeId) ?? nodeId);
    const [leader = ""] = namesOf((server) => server.leader);
    return {
      members: servers.length,
      voters: namesOf(({ voter }) => voter).length,
      leader,
      voter_names: namesOf(({ voter }) => voter),
      non_voter_names: namesOf(({ voter }) => !voter),
      ids: servers.map(({ nodeId }) => nodeId),
      addresses: servers.map(({ address }) => address),
    };
  },
});
