import { z } from "zod";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { nodeRead } from "../node-read.ts";
import type { NodeState } from "../node-state.ts";
import { readNodeState } from "../node-state.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { RAFT_VIEW_POLICY, readRaftView } from "../raft-view.ts";
import { refusedCall } from "../refused-call.ts";
import { leftFact, unsealFact } from "../seal-facts.ts";

const CALL = { path: "sys/seal", capabilities: ["update", "sudo"] } as const satisfies PolicyRule;
const NAME = "vault.seal-node";

/**
 * Seals one node at its own address. It is not the cluster's emergency stop: a standby takes over at once, and secrets keep flowing
 * (`vault.seal-cluster` stops them).
 */
export const sealNode = defineAction({
  name: NAME,
  summary: "Seal one node, and no other",
  danger: "destructive",
  effect: "once",
  input: z.strictObject({ node: z.string() }),
  output: z.object({ sealed: z.string() }),
  policy: RAFT_VIEW_POLICY,
  grants: [CALL],
  explain: ({ node }) => ({
    call: `PUT sys/seal on ${node} itself`,
    cost: `${node} serves nobody until it is unsealed by its key holders, or restarted where it unseals itself.`,
    proof: `${node} says in its own sys/seal-status that it is sealed.`,
  }),
  preconditions: async (context, { node }) => {
    const target = context.cluster.node(node);
    return await readActivePreconditions(context, async (active) => await readFacts(context, active, target));
  },
  perform: async (context, { node }) => {
    const target = context.cluster.node(node);
    const [active, product] = await Promise.all([readActive(context), context.cluster.product(nodeRead(context))]);
    if (product === "vault" && active.name !== node) {
      throw refusedCall(
        `cannot seal ${node}: it is a standby, and Vault seals the active node only; stop its process instead`,
      );
    }
    await target.seal({ signal: context.signal });
    return { sealed: node };
  },
  probe: async (context, { node }) => {
    const target = context.cluster.node(node);
    return await orUnknown(context, async () => await lookAtSeal(context, target));
  },
  verifyWithinMs: 20_000,
});

async function readFacts(
  context: ActionContext,
  active: VaultNode,
  target: VaultNode,
): Promise<readonly Precondition[]> {
  const [view, seal, product, permitted] = await Promise.all([
    readRaftView(context, active),
    active.sealStatus(nodeRead(context)),
    context.cluster.product(nodeRead(context)),
    readPermittedPrecondition(context, active, [CALL], NAME),
  ]);
  const { name } = target;
  const { state } = view.readings.find(({ node }) => node.name === name) ?? (await readNodeState(context, target));
  return [
    openFact(name, state),
    acceptsFact({ name, takesIt: product !== "vault" || active.name === name }),
    leftFact(view, name),
    unsealFact(seal),
    permitted,
  ];
}

function openFact(name: string, state: NodeState): Precondition {
  const ok = state === "unsealed";
  const text = ok ? `${name} is unsealed` : `${name} is ${state}: there is nothing to seal, or it cannot be asked`;
  return { name: "open", ok, value: state, text };
}

function acceptsFact({ name, takesIt }: { readonly name: string; readonly takesIt: boolean }): Precondition {
  const text = takesIt
    ? `${name} takes the call itself`
    : `${name} is a standby, and Vault seals the active node only: stop its process instead`;
  return { name: "accepts", ok: takesIt, value: takesIt, text };
}

async function lookAtSeal(context: ActionContext, target: VaultNode): Promise<Probe> {
  const { sealed, type, recoverySeal } = await target.sealStatus(nodeRead(context));
  const { name } = target;
  if (sealed) return { verdict: "done", evidence: `${name} says that it is sealed` };
  const again =
    recoverySeal || type !== "shamir"
      ? `; with the seal ${type} a restart may have unsealed it again: look at its log`
      : "";
  return { verdict: "not-done", evidence: `${name} says that it is unsealed${again}` };
}
