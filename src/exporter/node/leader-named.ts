import type { NodeProbe } from "../probe-nodes.ts";

/** LeaderNamed is who leads in one node's eyes: the name of the configured node, or the address when it is none of ours. */
export type LeaderNamed = { readonly name: string | undefined; readonly address: string };

/**
 * Tells whom a node names as leader; undefined when it knows of none or does not say. Its word may be old (a standby goes on naming a dead
 * leader for minutes) and is only for people: no call ever goes to an address that was found in an answer.
 */
export function leaderNamed(probe: NodeProbe, probes: readonly NodeProbe[]): LeaderNamed | undefined {
  const { leader, node } = probe;
  if (leader === undefined) return undefined;
  if (leader.isSelf || !leader.haEnabled) return { name: node.name, address: leader.leaderAddress };
  if (leader.leaderAddress === "") return undefined;
  const found = probes.find((other) => addressesOf(other).includes(originOf(leader.leaderAddress)));
  return { name: found?.node.name, address: leader.leaderAddress };
}

/** A leader may call itself by another address than the configured one (on Kubernetes by that of its pod); it tells which. */
function addressesOf({ node, leader }: NodeProbe): readonly string[] {
  return [node.address, ...(leader?.isSelf === true ? [leader.leaderAddress] : [])].map(originOf);
}

/** The same server may be written with a slash behind, or without its scheme's port. */
function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
