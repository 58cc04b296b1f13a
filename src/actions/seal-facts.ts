import { quorum } from "../lib/quorum.ts";
import type { SysSealStatus } from "../vault/endpoints/sys-seal-status.ts";
import type { Precondition } from "./action.ts";
import type { RaftView } from "./raft-view.ts";
import { countVoters } from "./raft-view.ts";

/** Says what opens a sealed node again. It forbids nothing: who seals must know it beforehand. */
export function unsealFact({ type, threshold, shares, recoverySeal }: SysSealStatus): Precondition {
  const itself = recoverySeal || type !== "shamir";
  const text = itself
    ? `the seal is ${type}: a restart of the process unseals it again, and a failing liveness probe restarts it; stop that first, or disable the key at the KMS`
    : `the seal is shamir: ${threshold} of ${shares} key holders unseal it again, each node at its own address`;
  return { name: "unseal", ok: true, value: { type, threshold, shares }, text };
}

/** Says what is left of the cluster when one of its nodes is sealed, and plainly when that is nothing. It forbids nothing. */
export function leftFact(view: RaftView, node: string): Precondition {
  const { voters, healthy } = countVoters(view);
  const member = view.members.find(({ name }) => name === node);
  const left = healthy - (member?.voter === true && member.healthy ? 1 : 0);
  const needed = quorum(voters);
  const serves = left >= needed;
  const words = serves
    ? "the others go on serving every secret: to seal one node does not seal the cluster"
    : "THE CLUSTER STOPS SERVING, for everybody, until enough nodes are unsealed";
  return {
    name: "left",
    ok: true,
    value: { voters, healthy, healthy_after: left, needed, serves_after: serves },
    text: `${voters} voters, ${healthy} healthy; without ${node} ${left} healthy, ${needed} needed: ${words}`,
  };
}
