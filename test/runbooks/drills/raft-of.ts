import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";

/** A member as the leader lists it, with autopilot's word; read by the test itself. */
export type Peer = { readonly id: string; readonly voter: boolean; readonly healthy: boolean };

/** Reads the members of raft from the leader, with the root token: never by the program under test. */
export async function readPeers(cluster: OpenBaoCluster): Promise<readonly Peer[]> {
  const leader = await cluster.activeNode();
  const [configuration, autopilot] = await Promise.all([
    cluster.call(leader, "GET", "sys/storage/raft/configuration"),
    cluster.call(leader, "GET", "sys/storage/raft/autopilot/state"),
  ]);
  const { servers } = (configuration.body as { data: { config: { servers: { node_id: string; voter: boolean }[] } } })
    .data.config;
  const states = (autopilot.body as { data: { servers: Readonly<Record<string, { healthy: boolean }>> } }).data.servers;
  return servers
    .map(({ node_id: id, voter }) => ({ id, voter, healthy: states[id]?.healthy === true }))
    .toSorted((left, right) => left.id.localeCompare(right.id));
}

/** Since when the leader leads, by its own word. */
export async function readActiveTime(cluster: OpenBaoCluster, node: OpenBaoNode): Promise<string> {
  const { body } = await cluster.call(node, "GET", "sys/leader", undefined, "");
  return (body as { active_time?: string }).active_time ?? "";
}

/** All nodes but these. */
export function othersThan(cluster: OpenBaoCluster, ...nodes: readonly OpenBaoNode[]): readonly OpenBaoNode[] {
  return cluster.nodes.filter((node) => !nodes.includes(node));
}

/** Waits until none of these nodes calls itself active. */
export async function waitForNoLeader(cluster: OpenBaoCluster, nodes: readonly OpenBaoNode[]): Promise<void> {
  await waitFor("no leader", async () => {
    const words = await Promise.all(
      nodes.map(async (node) => (await cluster.call(node, "GET", "sys/leader", undefined, "")).body),
    );
    return words.every((word) => (word as { is_self?: boolean }).is_self !== true) ? true : undefined;
  });
}
