import { quorum as majority } from "../../lib/quorum.ts";
import { FailureError, type Failure } from "../../lib/failure.ts";
import { matchRaftMembers } from "../../lib/raft-members.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import type { AutopilotServer, AutopilotState } from "../../vault/endpoints/raft-autopilot-state.ts";
import type { RaftServer } from "../../vault/endpoints/raft-configuration.ts";
import type { SysSealStatus } from "../../vault/endpoints/sys-seal-status.ts";
import type { CallOptions } from "../../vault/transport.ts";
import { activeProbe } from "../active-probe.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector, Family, Sample } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { orNoted } from "../or-noted.ts";
import { isUnsealed, type NodeProbe } from "../probe-nodes.ts";

/** What is left after the active node was found. */
const SHARE = 0.4;
const PEER = ["raft_node_id", "vault_node"];
const HEALTHY =
  "Healthy is what autopilot calls healthy and, because autopilot notices a dead server only after 10 s, what also answers us unsealed when it is a configured node.";

const voters = gauge("sealwatch_raft_voters", "Members that vote, dead ones included.");
const nonVoters = gauge("sealwatch_raft_non_voters", "Members that do not vote.");
const healthyVoters = gauge("sealwatch_raft_healthy_voters", `Members that vote and are healthy. ${HEALTHY}`);
const quorum = gauge(
  "sealwatch_raft_quorum",
  "Healthy voters without which nothing is written: more than half of all.",
);
const margin = gauge(
  "sealwatch_raft_margin",
  `Healthy voters that can still be lost before the cluster stops: healthy voters minus quorum. ${HEALTHY}`,
);
const expectedMargin = gauge(
  "sealwatch_raft_expected_margin",
  "The margin of this many voters when all are healthy: 0 for one or two, 1 for three or four, 2 for five or six.",
);
const autopilotHealthy = gauge(
  "sealwatch_raft_autopilot_healthy",
  "1 if autopilot on the active node calls every server healthy, 0 if not. It notices a dead server only after 10 s.",
);
const failureTolerance = gauge(
  "sealwatch_raft_failure_tolerance",
  "Healthy voters that can still be lost, as autopilot on the active node counts them, up to 10 s late; sealwatch_raft_margin is sooner.",
);
const term = gauge(
  "sealwatch_raft_term",
  "Raft's term: one more after each election. As autopilot last saw the leader.",
);
const leaderInfo = gauge("sealwatch_raft_leader_info", "1, with the member that leads, as autopilot sees it.", PEER);
const peerVoter = gauge("sealwatch_raft_peer_voter", "1 if the member votes, 0 if not.", PEER);
const peerHealthy = gauge("sealwatch_raft_peer_healthy", `1 if the member is healthy, 0 if not. ${HEALTHY}`, PEER);
const peerIndexLag = gauge(
  "sealwatch_raft_peer_index_lag",
  "Log entries that the member is behind the leader, exactly, as autopilot last saw it.",
  PEER,
);
const peerLastContact = gauge(
  "sealwatch_raft_peer_last_contact_seconds",
  "Time since the leader last heard of the member, as autopilot last saw it. No sample when it never did.",
  PEER,
);
const peerStableSince = gauge(
  "sealwatch_raft_peer_stable_timestamp_seconds",
  "Unix time since which the member's health, as autopilot sees it, has not changed. No sample when autopilot does not say.",
  PEER,
);
const peerStatus = gauge(
  "sealwatch_raft_peer_status_info",
  "1, with what autopilot says of the member: its place in raft (leader, voter, non-voter) and whether it lives (alive, failed, left).",
  [...PEER, "raft_status", "node_status"],
);

/** A member of raft with what autopilot and the node itself say of it; either is undefined when it says nothing. */
type Peer = {
  readonly server: RaftServer;
  readonly autopilot: AutopilotServer | undefined;
  readonly probe: NodeProbe | undefined;
};

/** Who votes, who is healthy and how many more may be lost, from the active node. */
export const raft: Collector = {
  name: "raft",
  help: "Members, quorum and margin of integrated storage, from the active node.",
  families: [
    voters,
    nonVoters,
    quorum,
    expectedMargin,
    peerVoter,
    healthyVoters,
    margin,
    autopilotHealthy,
    failureTolerance,
    term,
    leaderInfo,
    peerHealthy,
    peerIndexLag,
    peerLastContact,
    peerStableSince,
    peerStatus,
  ],
  policy: [
    { path: "sys/storage/raft/configuration", capabilities: ["read"] },
    { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
  ],
  async collect(context) {
    const { node: active, seal } = await activeProbe(context);
    const hasRaft = seal === undefined || (await mayHaveRaft(active, seal, callBudget(context, SHARE)));
    if (!hasRaft) return [];
    const [configuration, autopilot] = await Promise.all([
      active.raftConfiguration(callBudget(context, SHARE)),
      // Without autopilot the members are still known, only not their health.
      orNoted(context, active.autopilotState(callBudget(context, SHARE))),
    ]);
    const peers = toPeers(configuration.servers, autopilot, await context.probes());
    if (!peers.some(({ probe }) => probe?.node.name === active.name)) context.note(unmatched(active, peers));
    return [...memberFamilies(peers), ...(autopilot ? healthFamilies(peers, autopilot) : [])];
  },
};

/** Raft may keep only the lock of another storage (`ha_storage`), so the server is asked: without raft it does not have the path. */
async function mayHaveRaft(node: VaultNode, { storageType }: SysSealStatus, budget: CallOptions): Promise<boolean> {
  if (storageType === "raft" || storageType === "") return true;
  try {
    await node.raftConfiguration(budget);
    return true;
  } catch (error) {
    if (error instanceof FailureError && error.reason === "not-found") return false;
    throw error;
  }
}

function toPeers(
  servers: readonly RaftServer[],
  autopilot: AutopilotState | undefined,
  probes: readonly NodeProbe[],
): readonly Peer[] {
  const nodes = probes.map(({ node }) => node);
  const { pairs } = matchRaftMembers(nodes, servers);
  return servers.map((server) => {
    const name = pairs.find(({ member }) => member === server)?.node.name;
    return {
      server,
      autopilot: autopilot?.servers.find(({ id }) => id === server.nodeId),
      probe: probes.find(({ node }) => node.name === name),
    };
  });
}

/** The node that gave the list of members is one of them; when it is not found, other nodes may be missed too, without a sign. */
function unmatched(active: VaultNode, peers: readonly Peer[]): Failure {
  const members = peers.map(({ server }) => `${server.nodeId} at ${server.address}`).join(", ");
  const why = `neither its raftNodeId (${active.raftNodeId}) nor its host (${active.address}) is one of theirs (${members})`;
  const todo = "set raftNodeId of each node to the id that raft lists for it";
  const message = `cannot tell which member of raft ${active.name} is: ${why}; ${todo}`;
  return { reason: "not-found", retryable: false, message };
}

function memberFamilies(peers: readonly Peer[]): readonly Family[] {
  const count = peers.filter(isVoter).length;
  return [
    withValue(voters, count),
    withValue(nonVoters, peers.length - count),
    withValue(quorum, majority(count)),
    withValue(expectedMargin, count - majority(count)),
    withSamples(
      peerVoter,
      perPeer(peers, (peer) => Number(isVoter(peer))),
    ),
  ];
}

function healthFamilies(peers: readonly Peer[], autopilot: AutopilotState): readonly Family[] {
  const healthy = peers.filter((peer) => isVoter(peer) && isHealthy(peer)).length;
  const leader = peers.find(({ server }) => server.nodeId === autopilot.leader);
  return [
    withValue(healthyVoters, healthy),
    withValue(margin, healthy - majority(peers.filter(isVoter).length)),
    withValue(autopilotHealthy, Number(autopilot.healthy)),
    withValue(failureTolerance, autopilot.failureTolerance),
    withValue(term, leader?.autopilot?.lastTerm),
    withSamples(leaderInfo, leader === undefined ? [] : [{ labels: labelsOf(leader), value: 1 }]),
    ...peerFamilies(peers, leader?.autopilot?.lastIndex),
  ];
}

function peerFamilies(peers: readonly Peer[], leaderIndex: number | undefined): readonly Family[] {
  return [
    withSamples(
      peerHealthy,
      perPeer(peers, (peer) => Number(isHealthy(peer))),
    ),
    withSamples(
      peerIndexLag,
      perPeer(peers, (peer) => indexLag(peer, leaderIndex)),
    ),
    withSamples(
      peerLastContact,
      perPeer(peers, ({ autopilot: seen }) => inSeconds(seen?.lastContactMs)),
    ),
    withSamples(
      peerStableSince,
      perPeer(peers, ({ autopilot: seen }) => seen?.stableSinceSeconds),
    ),
    withSamples(peerStatus, peers.flatMap(statusOf)),
  ];
}

function statusOf(peer: Peer): readonly Sample[] {
  const { autopilot } = peer;
  if (autopilot === undefined) return [];
  const said = { raft_status: autopilot.status, node_status: autopilot.nodeStatus };
  return [{ labels: { ...labelsOf(peer), ...said }, value: 1 }];
}

function perPeer(peers: readonly Peer[], read: (peer: Peer) => number | undefined): readonly Sample[] {
  return peers.flatMap((peer) => {
    const value = read(peer);
    return value === undefined ? [] : [{ labels: labelsOf(peer), value }];
  });
}

/** A member that is not configured has no name of ours; an empty label is no label to Prometheus. */
function labelsOf({ server, probe }: Peer): Readonly<Record<string, string>> {
  return { raft_node_id: server.nodeId, vault_node: probe?.node.name ?? "" };
}

function isVoter({ server }: Peer): boolean {
  return server.voter;
}

function isHealthy({ autopilot, probe }: Peer): boolean {
  return autopilot?.healthy === true && (probe === undefined || isUnsealed(probe.state));
}

/** A follower's echo may be younger than the leader's own number; it is not ahead of its leader. */
function indexLag({ autopilot }: Peer, leaderIndex: number | undefined): number | undefined {
  if (autopilot === undefined || leaderIndex === undefined) return undefined;
  return Math.max(0, leaderIndex - autopilot.lastIndex);
}

function inSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
