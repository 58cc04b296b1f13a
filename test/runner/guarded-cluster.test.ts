import { describe, expect, it } from "@jest/globals";
import { guardCluster } from "../../src/runner/guarded-cluster.ts";
import type { VaultCluster, VaultNode } from "../../src/vault/cluster.ts";

describe("guardCluster", () => {
  const world = (allowed: boolean) => {
    const asked: string[] = [];
    const sent: string[] = [];
    const node = {
      name: "vault-0",
      leader: async () => ({ isSelf: true }),
      removeRaftPeer: async (id: string) => void sent.push(id),
    } as unknown as VaultNode;
    const cluster = {
      name: "prod",
      nodes: [node],
      node: () => node,
      activeNode: async () => node,
    } as unknown as VaultCluster;
    const guarded = guardCluster(cluster, async () => {
      asked.push("asked");
      if (!allowed) throw new Error("the run was ended");
    });
    return { guarded, asked, sent };
  };

  it.each([
    { name: "from the list", of: (cluster: VaultCluster) => cluster.nodes[0] },
    { name: "by name", of: (cluster: VaultCluster) => cluster.node("vault-0") },
    { name: "as the active one", of: async (cluster: VaultCluster) => await cluster.activeNode() },
  ])("asks before a changing call of a node that was got $name, and sends nothing when told no", async ({ of }) => {
    const no = world(false);
    const node = await of(no.guarded);
    await expect(node?.removeRaftPeer("vault-2")).rejects.toThrow("the run was ended");
    expect(no).toMatchObject({ asked: ["asked"], sent: [] });
    const yes = world(true);
    await (await of(yes.guarded))?.removeRaftPeer("vault-2");
    expect(yes).toMatchObject({ asked: ["asked"], sent: ["vault-2"] });
  });

  it("opens no credential for a call that may not leave", async () => {
    const open = async () => await Promise.reject(new Error("a credential was opened"));
    const cluster = { nodes: [], operator: { kind: "minted", describe: () => "", open } } as unknown as VaultCluster;
    const guarded = guardCluster(cluster, async () => await Promise.reject(new Error("the run was ended")));
    const call = { action: "vault.step-down", run: "R1", step: "down", ttlMs: 1000 };
    await expect(guarded.operator.open(call, {})).rejects.toThrow("the run was ended");
    const allowed = guardCluster(cluster, async () => {});
    await expect(allowed.operator.open(call, {})).rejects.toThrow("a credential was opened");
  });

  it("guards nodes that come later, and gives the same guarded node for as long as it is there", async () => {
    const sent: string[] = [];
    const nodeOf = (name: string): VaultNode =>
      ({ name, removeRaftPeer: async (id: string) => void sent.push(id) }) as unknown as VaultNode;
    let nodes = [nodeOf("vault-0")];
    const guarded = guardCluster(
      {
        get nodes() {
          return nodes;
        },
        node: (name: string) => nodes.find((node) => node.name === name),
      } as unknown as VaultCluster,
      async () => await Promise.reject(new Error("the run was ended")),
    );
    const first = guarded.nodes[0];

    nodes = [...nodes, nodeOf("vault-1")];

    expect(guarded.nodes.map(({ name }) => name)).toEqual(["vault-0", "vault-1"]);
    expect(guarded.nodes[0]).toBe(first);
    expect(guarded.node("vault-1")).toBe(guarded.nodes[1]);
    await expect(guarded.nodes[1]?.removeRaftPeer("vault-2")).rejects.toThrow("the run was ended");
    expect(sent).toEqual([]);
  });

  it("leaves reads alone", async () => {
    const { guarded, asked } = world(false);
    expect(await guarded.nodes[0]?.leader()).toEqual({ isSelf: true });
    expect(asked).toEqual([]);
  });
});
