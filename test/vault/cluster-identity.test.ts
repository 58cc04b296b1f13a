import { describe, expect, it } from "@jest/globals";
import { readClusterIdentity } from "../../src/vault/cluster-identity.ts";
import type { ClusterIdentity, IdentityMemory, VaultNode } from "../../src/vault/cluster.ts";
import { fakeNode, health } from "./fake-node.ts";

const PROD: ClusterIdentity = { clusterId: "id-1", clusterName: "prod" };

describe("readClusterIdentity", () => {
  it("pins what the cluster first says", async () => {
    const memory = remembering();
    expect(await ask([says("vault-0", {})], memory)).toEqual(PROD);
    expect(memory.load("prod")).toEqual(PROD);
  });

  it.each([
    { name: "sealed", node: () => says("vault-0", { sealed: true, clusterId: undefined }) },
    { name: "unreachable", node: () => fakeNode("vault-0") },
    { name: "silent about its id", node: () => says("vault-0", { clusterId: "" }) },
  ])("gives the remembered one while every node is $name, and undefined when none was seen", async ({ node }) => {
    expect(await ask([node()], remembering(PROD))).toEqual(PROD);
    expect(await ask([node()], remembering())).toBeUndefined();
  });

  it("gives the configured id while no node can say and none was seen", async () => {
    const identity = await ask([fakeNode("vault-0")], remembering(), "id-9");
    expect(identity).toEqual({ clusterId: "id-9", clusterName: "" });
  });

  it("refuses a node of another cluster than the remembered one, and keeps the memory", async () => {
    const memory = remembering(PROD);
    await expect(ask([says("vault-0", {}), says("vault-1", { clusterId: "id-2" })], memory)).rejects.toMatchObject({
      reason: "wrong-cluster",
      retryable: false,
      message:
        "cannot trust vault-1 (http://vault-1:8200) as a node of prod: it says cluster id id-2, but prod is known as id-1; " +
        "correct the address, or pin the new id with clusterId when the cluster was rebuilt",
    });
    expect(memory.load("prod")).toEqual(PROD);
  });

  it("refuses two nodes that disagree, and remembers neither", async () => {
    const memory = remembering();
    const nodes = [says("vault-0", {}), says("vault-1", { clusterId: "id-2" })];
    await expect(ask(nodes, memory)).rejects.toMatchObject({ reason: "wrong-cluster" });
    expect(memory.load("prod")).toBeUndefined();
  });

  it("lets the configured id win over the remembered one, and then remembers it", async () => {
    const memory = remembering(PROD);
    const rebuilt = says("vault-0", { clusterId: "id-2" });

    expect(await ask([rebuilt], memory, "id-2")).toEqual({ clusterId: "id-2", clusterName: "prod" });
    expect(memory.load("prod")?.clusterId).toBe("id-2");
    await expect(ask([rebuilt], memory, "id-1")).rejects.toMatchObject({
      message: expect.stringContaining("it says cluster id id-2, but prod is configured as id-1"),
    });
  });
});

async function ask(
  nodes: readonly VaultNode[],
  memory: IdentityMemory,
  configuredId?: string,
): Promise<ClusterIdentity | undefined> {
  return await readClusterIdentity({ cluster: "prod", nodes, memory, configuredId });
}

function says(name: string, changes: Parameters<typeof health>[0]): VaultNode {
  return fakeNode(name, { health: async () => await Promise.resolve(health(changes)) });
}

function remembering(identity?: ClusterIdentity): IdentityMemory {
  const held = new Map(identity === undefined ? [] : [["prod", identity]]);
  return { load: (cluster) => held.get(cluster), save: (cluster, next) => void held.set(cluster, next) };
}
