import { z } from "zod";
import { defineCheck } from "../action.ts";
import { memberNames } from "../member-names.ts";
import { nodeRead } from "../node-read.ts";

const Names = z.array(z.string());

/** Reads autopilot's own judgement of the cluster, up to 10 s old. `vault.raft-peers` compares it with what the nodes say themselves. */
export const autopilot = defineCheck({
  name: "vault.autopilot",
  summary: "Read autopilot's judgement of the cluster",
  input: z.strictObject({}),
  output: z.object({
    healthy: z.boolean(),
    /** Voters that may fail before the cluster stops, as autopilot counts. */
    failure_tolerance: z.int(),
    /** Name of the leader; empty when autopilot names none. */
    leader: z.string(),
    servers: z.int(),
    voters: z.int(),
    voter_names: Names,
    non_voter_names: Names,
    healthy_names: Names,
    unhealthy_names: Names,
  }),
  policy: [{ path: "sys/storage/raft/autopilot/state", capabilities: ["read"] }],
  read: async (context) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const state = await active.autopilotState(nodeRead(context));
    const names = memberNames(
      context,
      state.servers.map(({ id, address }) => ({ nodeId: id, address })),
    );
    const voters = new Set(state.voters);
    const nameOf = (id: string): string => names.get(id) ?? id;
    const namesOf = (wanted: (server: (typeof state.servers)[number]) => boolean): string[] =>
      state.servers.filter(wanted).map(({ id }) => nameOf(id));
    return {
      healthy: state.healthy,
      failure_tolerance: state.failureTolerance,
      leader: nameOf(state.leader),
      servers: state.servers.length,
      voters: state.voters.length,
      voter_names: state.voters.map(nameOf),
      non_voter_names: namesOf(({ id }) => !voters.has(id)),
      healthy_names: namesOf(({ healthy }) => healthy),
      unhealthy_names: namesOf(({ healthy }) => !healthy),
    };
  },
});
