import { z } from "zod";
import { defineCheck } from "../action.ts";
import { MAX_LAG } from "../max-lag.ts";
import { memberNames } from "../member-names.ts";
import { nodeRead } from "../node-read.ts";
import { RAFT_VIEW_POLICY } from "../raft-view.ts";
import { readTextList } from "../text-list.ts";
import type { AutopilotState } from "../../vault/endpoints/raft-autopilot-state.ts";
import type { RaftServer } from "../../vault/endpoints/raft-configuration.ts";

const MOST = 100;

/**
 * Looks for a member of raft that was not there before, and follows it: non-voter, voter, healthy, caught up. It need not be configured here:
 * all is the leader's and autopilot's word. Autopilot calls a member healthy that it hears, even one that receives nothing: so the lag is told too.
 */
export const newMember = defineCheck({
  name: "vault.new-member",
  summary: "Follow a new member of raft until it votes",
  input: z.strictObject({
    /** The raft ids that were there before, with commas between. An id of old that was removed may come again. */
    known: z.string().min(1),
  }),
  output: z.object({
    joined: z.boolean(),
    /** Raft id, name (the id, when it is not configured) and host:port of the new member; of several the one that is least ready. */
    id: z.string(),
    name: z.string(),
    address: z.string(),
    voter: z.boolean(),
    /** Autopilot's word. */
    healthy: z.boolean(),
    /** Entries behind the leader, by autopilot's word, which is up to ten seconds old. */
    lag: z.int(),
    caught_up: z.boolean(),
    /** Voter, healthy and caught up. */
    ready: z.boolean(),
    /** How many new members there are. */
    members: z.int(),
  }),
  policy: RAFT_VIEW_POLICY,
  read: async (context, { known: text }) => {
    const known = readTextList({ check: "vault.new-member", input: "known", text, most: MOST });
    const active = await context.cluster.activeNode(nodeRead(context));
    const [{ servers }, autopilot] = await Promise.all([
      active.raftConfiguration(nodeRead(context)),
      active.autopilotState(nodeRead(context)),
    ]);
    const names = memberNames(context, servers);
    const found = servers
      .filter(({ nodeId }) => !known.includes(nodeId))
      .map((server) => ({ ...describe(server, autopilot), name: names.get(server.nodeId) ?? server.nodeId }));
    const least = found.find(({ ready }) => !ready) ?? found[0];
    return { joined: least !== undefined, ...(least ?? NOBODY), members: found.length };
  },
});

const NOBODY = { id: "", name: "", address: "", voter: false, healthy: false, lag: 0, caught_up: false, ready: false };

function describe({ nodeId: id, address, voter }: RaftServer, { servers, leader }: AutopilotState) {
  const own = servers.find((server) => server.id === id);
  const leading = servers.find((server) => server.id === leader);
  const lag = Math.max(0, (leading?.lastIndex ?? 0) - (own?.lastIndex ?? 0));
  const healthy = own?.healthy === true;
  const caughtUp = own !== undefined && lag <= MAX_LAG;
  return { id, address, voter, healthy, lag, caught_up: caughtUp, ready: voter && healthy && caughtUp };
}
