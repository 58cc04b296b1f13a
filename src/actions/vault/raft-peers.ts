import { z } from "zod";
import type { VaultNode } from "../../vault/cluster.ts";
import { defineCheck } from "../action.ts";
import { margin, quorum, without } from "../../lib/quorum.ts";
import type { RaftMember, RaftView } from "../raft-view.ts";
import { nodeRead } from "../node-read.ts";
import { countVoters, RAFT_VIEW_POLICY, readRaftView } from "../raft-view.ts";

const Names = z.array(z.string());

/** Reads the members according to raft from the active node, and what would be left without one of them. */
export const raftPeers = defineCheck({
  name: "vault.raft-peers",
  summary: "Read raft's members and their health",
  input: z.strictObject({ node: z.string().optional() }),
  output: z.object({
    /** Name of the active node. */
    leader: z.string(),
    voters: z.int(),
    healthy_voters: z.int(),
    quorum: z.int(),
    /** Healthy voters that may still be lost; below zero the cluster has stopped. */
    margin: z.int(),
    voter_names: Names,
    healthy_names: Names,
    unhealthy_names: Names,
    /** Configured nodes that surely are no members. */
    missing_names: Names,
    /** Configured nodes that may be members under an id that is not configured. Asked for one of them, the check fails. */
    unmatched_names: Names,
    /** Whether `node` is a member; the `peer_` values are false and empty when it surely is not, or when no node was given. */
    peer_known: z.boolean(),
    peer_id: z.string(),
    peer_address: z.string(),
    peer_is_leader: z.boolean(),
    peer_voter: z.boolean(),
    /** Autopilot's word. */
    peer_healthy: z.boolean(),
    /** The leader heard of it in the last 10 s. */
    peer_heard: z.boolean(),
    /** The node's own word: it answers, with data. */
    peer_answers: z.boolean(),
    voters_after_removal: z.int(),
    quorum_after_removal: z.int(),
    healthy_after_removal: z.int(),
  }),
  policy: RAFT_VIEW_POLICY,
  read: async (context, { node: name }) => {
    const node = name === undefined ? undefined : context.cluster.node(name);
    const view = await readRaftView(context, await context.cluster.activeNode(nodeRead(context)));
    return { ...describeCluster(view), ...describePeer(view, node) };
  },
});

function describeCluster(view: RaftView) {
  const counts = countVoters(view);
  const voters = view.members.filter(({ voter }) => voter);
  const known = view.readings.map(({ node }) => node).filter((node) => !view.unmatched.includes(node));
  return {
    leader: view.active.name,
    voters: counts.voters,
    healthy_voters: counts.healthy,
    quorum: quorum(counts.voters),
    margin: margin(counts),
    voter_names: voters.map(({ name }) => name),
    healthy_names: voters.filter(({ healthy }) => healthy).map(({ name }) => name),
    unhealthy_names: voters.filter(({ healthy }) => !healthy).map(({ name }) => name),
    missing_names: known.filter((node) => view.memberOf(node) === undefined).map(({ name }) => name),
    unmatched_names: view.unmatched.map(({ name }) => name),
  };
}

const NO_PEER = {
  peer_known: false,
  peer_id: "",
  peer_address: "",
  peer_is_leader: false,
  peer_voter: false,
  peer_healthy: false,
  peer_heard: false,
  peer_answers: false,
};

function describePeer(view: RaftView, node: VaultNode | undefined) {
  const peer = node === undefined ? undefined : view.memberOf(node);
  const counts = countVoters(view);
  const after = peer === undefined ? counts : without(counts, peer);
  return {
    ...(peer === undefined ? NO_PEER : describeMember(peer)),
    voters_after_removal: after.voters,
    quorum_after_removal: quorum(after.voters),
    healthy_after_removal: after.healthy,
  };
}

function describeMember(peer: RaftMember) {
  return {
    peer_known: true,
    peer_id: peer.id,
    peer_address: peer.address,
    peer_is_leader: peer.leader,
    peer_voter: peer.voter,
    peer_healthy: peer.autopilotHealthy ?? false,
    peer_heard: peer.heardLately,
    peer_answers: answers(peer),
  };
}

function answers({ state }: RaftMember): boolean {
  return state === "unsealed" || state === "sealed" || state === "unknown";
}
