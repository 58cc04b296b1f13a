import { randomUUID } from "node:crypto";
import type { ClusterState, NodeState } from "./cluster-state.ts";

/** What giving a share came to. */
export type ShareResult = "progress" | "unsealed" | "wrong-keys" | "kms-unavailable";

/** Tells whether a cluster unseals itself, by a KMS or another cluster. */
export function unsealsItself(state: ClusterState): boolean {
  return state.settings.sealType !== "shamir";
}

/** Seals a node as `sys/seal` does: it stays sealed until shares are given or, with auto-unseal, until a restart. */
export function sealNode(node: NodeState): void {
  node.sealed = true;
  node.sealedByHand = true;
  forgetShares(node);
}

/** Starts the node's process: sealed at first, and unsealed by itself where the KMS allows it. */
export function startSealed(state: ClusterState, node: NodeState): void {
  node.sealed = true;
  node.sealedByHand = false;
  forgetShares(node);
  unsealWithKms(state, node);
}

/** Unseals a node that waits for its KMS; a node that was sealed by hand does not try. */
export function unsealWithKms(state: ClusterState, node: NodeState): void {
  if (!unsealsItself(state) || !state.kmsAvailable) return;
  if (node.running && node.initialized && !node.sealedByHand && !node.removed) node.sealed = false;
}

/** Takes one share. A share given twice counts once; wrong shares are noticed only when the threshold is reached. */
export function giveShare(state: ClusterState, node: NodeState, share: string): ShareResult {
  if (!node.sealed) return "unsealed";
  if (node.givenShares.size === 0) node.nonce = randomUUID();
  node.givenShares.add(share);
  if (node.givenShares.size < state.settings.threshold) return "progress";
  const right = [...node.givenShares].every((given) => state.settings.unsealKeys.includes(given));
  forgetShares(node);
  if (!right) return "wrong-keys";
  if (unsealsItself(state) && !state.kmsAvailable) return "kms-unavailable";
  node.sealed = false;
  node.sealedByHand = false;
  return "unsealed";
}

/** Forgets the shares given so far. */
export function forgetShares(node: NodeState): void {
  node.givenShares.clear();
  node.nonce = "";
}
