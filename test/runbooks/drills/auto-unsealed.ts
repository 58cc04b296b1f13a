import { expect } from "@jest/globals";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { startDrill, type DrillWorld } from "./drill-world.ts";

/** What the clusters of these drills are, for their records. */
export const AUTO_UNSEALED = "3 nodes, auto-unseal with a transit key of another OpenBao";

/** The other cluster, whose transit key unseals ours. */
export async function startKms(): Promise<OpenBaoCluster> {
  return await openBaoForTest({ nodes: 1, namePrefix: "kms", clusterName: "kms" });
}

/** A drill on three nodes that unseal themselves with that key. */
export async function startAutoUnsealed(kms: OpenBaoCluster): Promise<DrillWorld> {
  return await startDrill({ nodes: 3, seal: { type: "transit", from: kms } });
}

/** Whether a node says of itself that it is sealed. */
export async function isSealed({ cluster }: DrillWorld, node: OpenBaoNode): Promise<boolean> {
  const { body } = await cluster.call(node, "GET", "sys/seal-status", undefined, "");
  return (body as { readonly sealed: boolean }).sealed;
}

/** Somebody restarts a node without its key: it stays sealed and tries again every five seconds. */
export async function restartSealed(world: DrillWorld, node: OpenBaoNode): Promise<void> {
  await node.kill();
  await node.start();
  expect(await isSealed(world, node)).toBe(true);
}
