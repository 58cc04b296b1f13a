import type { ClusterIdentity } from "../vault/cluster.ts";
import type { Precondition } from "./action.ts";
import type { NodeState } from "./node-state.ts";
import { quorum, without } from "../lib/quorum.ts";
import type { RaftMember, RaftView } from "./raft-view.ts";
import { countVoters } from "./raft-view.ts";

/** What a removal is judged by, all read at one moment. */
export type RemovalFacts = {
  /** Name of the node that is to go. */
  readonly node: string;
  readonly view: RaftView;
  /** Undefined when it surely is no member. */
  readonly member: RaftMember | undefined;
  readonly state: NodeState;
};

/** Says whether this is the cluster that people mean: its id is part of what they approve. */
export function identityPrecondition(identity: ClusterIdentity | undefined): Precondition {
  return {
    name: "identity",
    ok: identity !== undefined,
    value: identity?.clusterId ?? null,
    text:
      identity === undefined
        ? "no node ever said which cluster it is, so it cannot be compared"
        : `the cluster is ${identity.clusterName} (${identity.clusterId})`,
  };
}

/** Says that no leader was found, which forbids the rest: without one nothing can be read, and nothing removed. */
export function noLeaderPrecondition(): Precondition {
  return {
    name: "leader",
    ok: false,
    value: null,
    text: "no node calls itself active; without a leader nothing can be removed",
  };
}

/** Judges a removal, fact by fact. No value holds a time, an index or a lag, so that reading twice gives the same. */
export function removalPreconditions(facts: RemovalFacts): readonly Precondition[] {
  return [
    leaderFact(facts),
    memberFact(facts),
    notLeaderFact(facts),
    unhealthyFact(facts),
    unheardFact(facts),
    silentFact(facts),
    quorumFact(facts),
    remainingFact(facts),
  ];
}

function leaderFact({ view }: RemovalFacts): Precondition {
  const { name } = view.active;
  return { name: "leader", ok: true, value: name, text: `${name} is active and will carry it out` };
}

function memberFact({ node, view, member }: RemovalFacts): Precondition {
  const value = member === undefined ? null : { id: member.id, address: member.address, voter: member.voter };
  const fact = { name: "member", value };
  if (member === undefined) {
    return {
      ...fact,
      ok: false,
      text: `${node} is no member: every member that raft lists is another configured node`,
    };
  }
  const sharers = view.readings
    .filter((reading) => reading.node.raftNodeId === member.id)
    .map(({ node: { name } }) => name);
  if (sharers.length > 1) {
    return { ...fact, ok: false, text: `${sharers.join(" and ")} are configured with the same raft id "${member.id}"` };
  }
  const role = member.voter ? "a voter" : "not a voter";
  return { ...fact, ok: true, text: `${node} is raft member "${member.id}" at ${member.address}, ${role}` };
}

function notLeaderFact({ node, view, member }: RemovalFacts): Precondition {
  const leads = member?.leader === true || view.active.name === node;
  return { name: "not-leader", ok: !leads, value: leads, text: leads ? `${node} leads` : `${node} does not lead` };
}

function unhealthyFact({ node, member }: RemovalFacts): Precondition {
  const healthy = member?.autopilotHealthy;
  const words = {
    true: `autopilot calls ${node} healthy`,
    false: `autopilot calls ${node} unhealthy`,
    undefined: `autopilot never heard of ${node} since this leader began`,
  };
  return { name: "unhealthy", ok: healthy !== true, value: healthy ?? null, text: words[`${healthy}`] };
}

function unheardFact({ node, member }: RemovalFacts): Precondition {
  const heard = member?.heardLately ?? false;
  const text = heard
    ? `the leader heard of ${node} in the last 10 s, or leads for less than that`
    : `the leader has not heard of ${node} for 10 s`;
  return { name: "unheard", ok: !heard, value: heard, text };
}

function silentFact({ node, state }: RemovalFacts): Precondition {
  const words: Record<NodeState, string> = {
    unreachable: `${node} does not answer`,
    uninitialized: `${node} answers without data: it is empty`,
    removed: `${node} says itself that it was removed`,
    unsealed: `${node} answers and is unsealed`,
    sealed: `${node} answers and is sealed: unseal it instead`,
    unknown: `something answers for ${node}, but not with its health: look at it first`,
  };
  const gone = state === "unreachable" || state === "uninitialized" || state === "removed";
  return { name: "silent", ok: gone, value: state, text: words[state] };
}

function quorumFact({ node, view, member }: RemovalFacts): Precondition {
  const before = countVoters(view);
  const after = member === undefined ? before : without(before, member);
  const needed = quorum(after.voters);
  return {
    name: "quorum",
    ok: after.healthy >= needed,
    value: { voters: before.voters, healthy: before.healthy, voters_after: after.voters, healthy_after: after.healthy },
    text:
      `${before.voters} voters, ${before.healthy} healthy; without ${node} ` +
      `${after.voters} voters, ${after.healthy} healthy, ${needed} needed`,
  };
}

function remainingFact({ view, member }: RemovalFacts): Precondition {
  const names = view.members
    .filter(({ id, voter }) => voter && id !== member?.id)
    .map(({ name }) => name)
    .sort();
  const text = names.length === 0 ? "no voter remains" : `these voters remain: ${names.join(", ")}`;
  return { name: "remaining", ok: names.length > 0, value: names, text };
}
