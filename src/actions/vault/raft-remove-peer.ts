import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { readNodeState } from "../node-state.ts";
import type { RaftView } from "../raft-view.ts";
import { memberOf, RAFT_VIEW_POLICY, readRaftView } from "../raft-view.ts";
import { identityPrecondition, noLeaderPrecondition, removalPreconditions } from "../removal-preconditions.ts";

/**
 * Takes a dead member out of raft's configuration. Vault itself checks nothing here: it removes healthy voters and leaders, and
 * answers 204 for an unknown id, so that all proof is ours.
 */
export const raftRemovePeer = defineAction({
  name: "vault.raft-remove-peer",
  summary: "Remove a dead member from raft",
  danger: "destructive",
  effect: "once",
  input: z.strictObject({ node: z.string() }),
  output: z.object({ removed_id: z.string() }),
  policy: [...RAFT_VIEW_POLICY, { path: "sys/storage/raft/remove-peer", capabilities: ["update"] }],
  explain: ({ node }) => ({
    call: `POST sys/storage/raft/remove-peer on the active node, with the raft id of ${node}`,
    cost: `${node} never comes back with the data it has: its data directory must be wiped before it may join again. The cluster has one member fewer until it is replaced.`,
    proof: `raft's configuration, read again from the active node, does not list ${node} any more.`,
  }),
  preconditions: readPreconditions,
  perform: async ({ cluster, signal }, { node: name }) => {
    const target = cluster.node(name);
    await cluster.identity({ signal });
    const active = await cluster.activeNode({ signal });
    const { servers } = await active.raftConfiguration({ signal });
    const member = servers.find(({ nodeId }) => nodeId === target.raftNodeId);
    if (member === undefined) throw notAMember(target, active);
    if (member.leader || active.name === target.name) throw isTheLeader(target);
    await active.removeRaftPeer(member.nodeId, { signal });
    return { removed_id: member.nodeId };
  },
  probe: readEffect,
  verifyWithinMs: 10_000,
});

async function readPreconditions(context: ActionContext, { node: name }: { node: string }): Promise<Precondition[]> {
  const { cluster, signal } = context;
  const target = cluster.node(name);
  const identity = identityPrecondition(await cluster.identity({ signal }));
  const view = await readViewIfLed(context);
  if (view === undefined) return [identity, noLeaderPrecondition()];
  const { state } = view.readings.find(({ node }) => node.name === name) ?? (await readNodeState(context, target));
  const member = memberOf(view, target);
  return [identity, ...removalPreconditions({ node: name, raftNodeId: target.raftNodeId, view, member, state })];
}

async function readViewIfLed(context: ActionContext): Promise<RaftView | undefined> {
  try {
    return await readRaftView(context);
  } catch (error) {
    if (error instanceof FailureError && error.reason === "no-leader") return undefined;
    throw error;
  }
}

/** The identity is read too: an id that is missing in another cluster's configuration proves nothing. */
async function readEffect({ cluster, signal }: ActionContext, { node: name }: { node: string }): Promise<Probe> {
  const target = cluster.node(name);
  try {
    await cluster.identity({ signal });
    const active = await cluster.activeNode({ signal });
    const { servers } = await active.raftConfiguration({ signal });
    const listed = servers.some(({ nodeId }) => nodeId === target.raftNodeId);
    const evidence = `raft's configuration on ${active.name} ${listed ? "still lists" : "does not list"} "${target.raftNodeId}"`;
    return { verdict: listed ? "not-done" : "done", evidence };
  } catch (error) {
    if (signal.aborted || !(error instanceof FailureError)) throw error;
    return { verdict: "unknown", evidence: error.message };
  }
}

function notAMember(target: VaultNode, active: VaultNode): FailureError {
  return new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot remove ${target.name} on ${active.name}: raft lists no member "${target.raftNodeId}"; somebody else removed it, or its raftNodeId is wrong`,
  });
}

function isTheLeader(target: VaultNode): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot remove ${target.name}: it leads; a leader is alive, so look again at which node is lost`,
  });
}
