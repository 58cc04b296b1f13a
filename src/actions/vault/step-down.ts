import { z } from "zod";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { followerPreconditions } from "../follower-preconditions.ts";
import { readLatestLeader } from "../latest-leader.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { RAFT_VIEW_POLICY } from "../raft-view.ts";
import { refusedCall } from "../refused-call.ts";

const CALL = { path: "sys/step-down", capabilities: ["update", "sudo"] } as const satisfies PolicyRule;
const NAME = "vault.step-down";

/**
 * The server's second (`server_time_utc` has no fractions) and the way there and back. A node that steps down stands for election again only
 * after 10 s, so that its return is later than this by far.
 */
const CLOCK_DOUBT_MS = 2000;

/**
 * Makes the active node hand over. Vault answers 204 also when there is nothing to hand over, and the node may lead again after 10 s, so that
 * only since when somebody leads proves anything.
 */
export const stepDown = defineAction({
  name: NAME,
  summary: "Make the active node step down",
  danger: "disruptive",
  effect: "once",
  input: z.strictObject({ node: z.string() }),
  output: z.object({ stepped_down: z.string() }),
  policy: RAFT_VIEW_POLICY,
  grants: [CALL],
  explain: ({ node }) => ({
    call: `PUT sys/step-down on ${node}, while it is active`,
    cost: `Every request waits or fails for the seconds of an election after ${node} lets go; requests under way on it fail. It may lead again after 10 s.`,
    proof: `Another node leads, or ${node} does since after the call, by the active_time in sys/leader.`,
  }),
  preconditions: async (context, { node }) => {
    context.cluster.node(node);
    return await readActivePreconditions(context, async (active) => await readFacts(context, active, node));
  },
  perform: async (context, { node }) => {
    context.cluster.node(node);
    const active = await readActive(context);
    if (active.name !== node) throw leadsElsewhere(node, active);
    await active.stepDown({ signal: context.signal });
    return { stepped_down: node };
  },
  probe: async (context, { node }, { at }) => {
    context.cluster.node(node);
    return await orUnknown(context, async () => await lookWhoLeads(context, node, at));
  },
  // OpenBao answers at once and lets go when the requests under way have ended, for which its own limit is 90 s.
  verifyWithinMs: 120_000,
});

async function readFacts(context: ActionContext, active: VaultNode, node: string): Promise<readonly Precondition[]> {
  const [followers, permitted] = await Promise.all([
    followerPreconditions(context, active),
    readPermittedPrecondition(context, active, [CALL], NAME),
  ]);
  return [leadsFact(active, node), ...followers, permitted];
}

function leadsFact({ name }: VaultNode, node: string): Precondition {
  const leads = name === node;
  const text = leads ? `${node} leads` : `${node} does not lead, ${name} does: look again at who is to step down`;
  return { name: "leads", ok: leads, value: leads, text };
}

async function lookWhoLeads(context: ActionContext, node: string, at: number): Promise<Probe> {
  await context.cluster.identity(nodeRead(context));
  const latest = await readLatestLeader(context);
  if (latest === undefined) return { verdict: "unknown", evidence: "no node calls itself active yet" };
  const { leader, sinceMs } = latest;
  // The call was made while the node led (perform looks), so that whoever else leads does since after it.
  if (leader.name !== node) return { verdict: "done", evidence: `${leader.name} leads, and ${node} does not` };
  if (sinceMs === undefined) return { verdict: "unknown", evidence: `${node} leads and does not say since when` };
  if (sinceMs > at + CLOCK_DOUBT_MS)
    return { verdict: "done", evidence: `${node} leads again, since after the call: it had stepped down` };
  if (sinceMs < at - CLOCK_DOUBT_MS)
    return { verdict: "not-done", evidence: `${node} leads without a break since before the call` };
  return {
    verdict: "unknown",
    evidence: `${node} leads since the very seconds of the call, by a clock that is known to a second only`,
  };
}

function leadsElsewhere(node: string, active: VaultNode): Error {
  return refusedCall(
    `cannot make ${node} step down: ${active.name} leads by now; look again at which node is to let go`,
  );
}
