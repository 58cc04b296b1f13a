import { z } from "zod";
import { quorum } from "../../lib/quorum.ts";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition } from "../action.ts";
import { defineAction } from "../action.ts";
import { ClusterInput, namedClusterPrecondition, requireNamedCluster } from "../cluster-input.ts";
import { lookAtEverySeal } from "../look-at-every-seal.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import type { RaftView } from "../raft-view.ts";
import { countVoters, RAFT_VIEW_POLICY, readRaftView } from "../raft-view.ts";
import { sealLeaderAfterLeader, sealStandbysFirst, throwIfNothingWasSealed } from "../seal-every-node.ts";
import { unsealFact } from "../seal-facts.ts";

const CALL = { path: "sys/seal", capabilities: ["update", "sudo"] } as const satisfies PolicyRule;
const NAME = "vault.seal-cluster";

/**
 * Seals every node, each at its own address: one call of `sys/seal` seals one node, and a standby takes over at once. OpenBao's standbys
 * go first. Vault seals active nodes only, so its leaders are sealed one after the other until no quorum is left.
 */
export const sealCluster = defineAction({
  name: NAME,
  summary: "Seal every node of the cluster",
  danger: "destructive",
  effect: "once",
  input: ClusterInput,
  output: z.object({
    nodes: z.array(
      z.object({
        node: z.string(),
        /** What the server answered; the step's proof says what the node says itself. */
        result: z.enum(["sealed", "was-sealed", "not-sealed"]),
        /** Why it was not sealed; empty when it was. */
        why: z.string(),
      }),
    ),
    /** Nodes whose processes somebody must stop. */
    not_sealed: z.array(z.string()),
  }),
  policy: RAFT_VIEW_POLICY,
  grants: [CALL],
  explain: ({ cluster }) => ({
    call: `PUT sys/seal on every node of ${cluster}, each at its own address`,
    cost: `NOBODY GETS ANY SECRET from ${cluster} until it is unsealed: no logins, no renewals, no certificates. Leases that end meanwhile are revoked only afterwards. The token of this call cannot be revoked on a sealed cluster; it ends with its own short life.`,
    proof: `Every node of ${cluster} says in its own sys/seal-status that it is sealed.`,
  }),
  preconditions: async (context, { cluster }) => {
    const facts = await readActivePreconditions(context, async (active) => await readFacts(context, active));
    return [namedClusterPrecondition(context, cluster), ...facts];
  },
  perform: async (context, { cluster }) => {
    requireNamedCluster(context, cluster, "seal");
    const [active, product] = await Promise.all([readActive(context), context.cluster.product(nodeRead(context))]);
    const done =
      product === "vault"
        ? await sealLeaderAfterLeader(context, await countVotersOf(context, active))
        : await sealStandbysFirst(context, active);
    throwIfNothingWasSealed(done);
    const nodes = done.map(({ node: { name }, result, failure }) => ({
      node: name,
      result,
      why:
        result === "not-sealed"
          ? (failure?.message ?? "Vault seals the active node only, and nobody leads any more")
          : "",
    }));
    return { nodes, not_sealed: nodes.filter(({ result }) => result === "not-sealed").map(({ node }) => node) };
  },
  probe: async (context, { cluster }) => {
    requireNamedCluster(context, cluster, "look at the seal of");
    return await orUnknown(context, async () => await lookAtEverySeal(context));
  },
  verifyWithinMs: 30_000,
  performWithinMs: 120_000,
});

async function readFacts(context: ActionContext, active: VaultNode): Promise<readonly Precondition[]> {
  const [view, seal, product, permitted] = await Promise.all([
    readRaftView(context, active),
    active.sealStatus(nodeRead(context)),
    context.cluster.product(nodeRead(context)),
    readPermittedPrecondition(context, active, [CALL], NAME),
  ]);
  return [nodesFact(view), stopsFact(view, product === "vault"), unsealFact(seal), permitted];
}

function nodesFact({ readings }: RaftView): Precondition {
  const value = Object.fromEntries(readings.map(({ node, state }) => [node.name, state]));
  const open = readings.filter(({ state }) => state === "unsealed").map(({ node }) => node.name);
  const others = readings
    .filter(({ state }) => state !== "unsealed")
    .map(({ node, state }) => `${node.name} is ${state}`);
  const words = others.length === 0 ? "" : `; ${others.join(", ")}`;
  return { name: "nodes", ok: open.length > 0, value, text: `unsealed now: ${open.join(", ") || "none"}${words}` };
}

/** What cannot be reached is not sealed: as long as it is no quorum, the rest stops all the same. */
function stopsFact(view: RaftView, onlyLeaders: boolean): Precondition {
  const { voters } = countVoters(view);
  const needed = quorum(voters);
  const beyond = view.members
    .filter(({ voter, state }) => voter && (state === undefined || state === "unreachable" || state === "unknown"))
    .map(({ name }) => name)
    .sort();
  const ok = beyond.length < needed;
  const left = onlyLeaders
    ? ` Vault seals active nodes only: up to ${needed - 1} stay unsealed without a leader, so stop their processes.`
    : "";
  const reach = beyond.length === 0 ? "every voter can be reached" : `not to be sealed from here: ${beyond.join(", ")}`;
  const end = ok
    ? "no quorum is left: the cluster stops"
    : "these can go on without the others: stop their processes first";
  return {
    name: "stops",
    ok,
    value: { voters, needed, beyond_reach: beyond },
    text: `${voters} voters, ${needed} needed to serve; ${reach}; ${end}.${left}`,
  };
}

async function countVotersOf(context: ActionContext, active: VaultNode): Promise<number> {
  const { servers } = await active.raftConfiguration(nodeRead(context));
  return servers.filter(({ voter }) => voter).length;
}
