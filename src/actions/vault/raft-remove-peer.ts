import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import type { RaftServer } from "../../vault/endpoints/raft-configuration.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { findMember } from "../find-member.ts";
import { nodeRead } from "../node-read.ts";
import { readNodeState } from "../node-state.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { RAFT_VIEW_POLICY, readRaftView } from "../raft-view.ts";
import { identityPrecondition, noLeaderPrecondition, removalPreconditions } from "../removal-preconditions.ts";

const CALL = { path: "sys/storage/raft/remove-peer", capabilities: ["update"] } as const;

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
  policy: RAFT_VIEW_POLICY,
  grants: [CALL],
  explain: ({ node }) => ({
    call: `POST sys/storage/raft/remove-peer on the active node, with the raft id of ${node}`,
    cost: `${node} never comes back with the data it has: its data directory must be wiped before it may join again. The cluster has one member fewer until it is replaced.`,
    proof: `raft's configuration, read again from the active node, does not list ${node} any more.`,
  }),
  preconditions: readPreconditions,
  perform: async (context, { node: name }) => {
    const target = context.cluster.node(name);
    const listing = await readListing(context);
    const member = findMember(context, listing, target);
    if (member === undefined) throw notAMember(target, listing.active);
    if (member.leader || listing.active.name === target.name) throw isTheLeader(target);
    await listing.active.removeRaftPeer(member.nodeId, { signal: context.signal });
    return { removed_id: member.nodeId };
  },
  probe: readEffect,
  verifyWithinMs: 10_000,
});

/** The identity is read beside the rest, so that a node which hangs costs its time once. */
async function readPreconditions(context: ActionContext, { node: name }: { node: string }): Promise<Precondition[]> {
  const target = context.cluster.node(name);
  const [identity, facts] = await Promise.all([
    context.cluster.identity(nodeRead(context)),
    readRemovalFacts(context, target),
  ]);
  return [identityPrecondition(identity), ...facts];
}

async function readRemovalFacts(context: ActionContext, target: VaultNode): Promise<readonly Precondition[]> {
  const { name } = target;
  const active = await readActiveIfLed(context);
  if (active === undefined) return [noLeaderPrecondition()];
  const [view, permitted] = await Promise.all([
    readRaftView(context, active),
    readPermittedPrecondition(context, active, [CALL], "vault.raft-remove-peer"),
  ]);
  const { state } = view.readings.find(({ node }) => node.name === name) ?? (await readNodeState(context, target));
  return [...removalPreconditions({ node: name, view, member: view.memberOf(target), state }), permitted];
}

async function readActiveIfLed(context: ActionContext): Promise<VaultNode | undefined> {
  try {
    return await context.cluster.activeNode(nodeRead(context));
  } catch (error) {
    if (error instanceof FailureError && error.reason === "no-leader") return undefined;
    throw error;
  }
}

/** The identity is read too: what another cluster's configuration lists, or does not, proves nothing. */
async function readListing(
  context: ActionContext,
): Promise<{ readonly active: VaultNode; readonly servers: readonly RaftServer[] }> {
  const { cluster } = context;
  const [active] = await Promise.all([cluster.activeNode(nodeRead(context)), cluster.identity(nodeRead(context))]);
  const { servers } = await active.raftConfiguration(nodeRead(context));
  return { active, servers };
}

async function readEffect(context: ActionContext, { node: name }: { node: string }): Promise<Probe> {
  const target = context.cluster.node(name);
  try {
    const listing = await readListing(context);
    const member = findMember(context, listing, target);
    const where = `raft's configuration on ${listing.active.name}`;
    if (member !== undefined) return { verdict: "not-done", evidence: `${where} still lists "${member.nodeId}"` };
    return { verdict: "done", evidence: `${where} does not list ${name}: ${describe(listing.servers)}` };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return { verdict: "unknown", evidence: error.message };
  }
}

function describe(servers: readonly RaftServer[]): string {
  return `only ${servers.map(({ nodeId }) => `"${nodeId}"`).join(", ")}`;
}

function notAMember(target: VaultNode, active: VaultNode): FailureError {
  return new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot remove ${target.name} on ${active.name}: every member that raft lists is another configured node; somebody else removed it, so start again`,
  });
}

function isTheLeader(target: VaultNode): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot remove ${target.name}: it leads; a leader is alive, so look again at which node is lost`,
  });
}
