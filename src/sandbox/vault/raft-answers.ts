import type { Timestamp } from "../../lib/clock.ts";
import { ANSWERS, enveloped } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import { isVoter, nodeOf } from "./cluster-state.ts";
import type { ClusterState, Member, NodeState } from "./cluster-state.ts";
import { quorumOf } from "./leadership.ts";

/** Answers `sys/storage/raft/configuration`: all members, dead ones too; no one is the leader when nobody leads. */
export function configurationAnswer(state: ClusterState, now: Timestamp): SimulatedAnswer {
  const servers = state.members.map((member) => {
    const node = memberNode(state, member);
    return {
      node_id: member.raftNodeId,
      address: node.clusterAddress,
      leader: state.leader === node.name,
      protocol_version: "3",
      voter: isVoter(state, member, now),
    };
  });
  return enveloped({ config: { servers, index: 0 } });
}

/** Answers `sys/storage/raft/autopilot/state` as the active node sees it; a silent server is healthy for a while. */
export function autopilotAnswer(state: ClusterState, now: Timestamp): SimulatedAnswer {
  if (state.leader === undefined) return ANSWERS.noLeader;
  const servers = state.members.map((member) => serverAnswer(state, member, now));
  const voters = state.members.filter((member) => isVoter(state, member, now));
  const healthyVoters = servers.filter(({ healthy, status }) => healthy && status !== "non-voter").length;
  return enveloped({
    failure_tolerance: Math.max(0, healthyVoters - quorumOf(state, now)),
    healthy: servers.every(({ healthy }) => healthy),
    leader: nodeOf(state, state.leader).raftNodeId,
    servers: Object.fromEntries(servers.map((server) => [server.id, server])),
    voters: voters.map(({ raftNodeId }) => raftNodeId),
  });
}

function serverAnswer(
  state: ClusterState,
  member: Member,
  now: Timestamp,
): { readonly id: string; readonly healthy: boolean; readonly status: string } & Record<string, unknown> {
  const node = memberNode(state, member);
  const leads = state.leader === node.name;
  const silentMs = now - node.lastSeenAt;
  return {
    id: member.raftNodeId,
    name: member.raftNodeId,
    address: node.clusterAddress,
    node_status: "alive",
    last_contact: leads || silentMs === 0 ? "0s" : `${silentMs / 1000}s`,
    last_term: state.term,
    last_index: node.appliedIndex,
    healthy: silentMs <= state.settings.deadAfterMs,
    stable_since: new Date(node.healthySince).toISOString(),
    status: leads ? "leader" : isVoter(state, member, now) ? "voter" : "non-voter",
    version: node.version,
    node_type: "voter",
  };
}

function memberNode(state: ClusterState, { raftNodeId }: Member): NodeState {
  const node = state.nodes.find((each) => each.raftNodeId === raftNodeId);
  if (node === undefined) throw new Error(`no simulated node has the raft id ${raftNodeId}`);
  return node;
}
