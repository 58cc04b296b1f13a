import { describe, expect, it } from "@jest/globals";
import { createRaftDiscovery, type RaftQuestion } from "../../src/discovery/raft.ts";
import type { VaultNode } from "../../src/vault/cluster.ts";
import type { RaftServer } from "../../src/vault/endpoints/raft-configuration.ts";
import { fakeNode, health } from "../vault/fake-node.ts";
import { failure, manualWorld } from "./world.ts";

const member = (nodeId: string, address: string, voter = true): RaftServer => ({
  nodeId,
  address,
  voter,
  leader: false,
});

type Told = { readonly members?: readonly RaftServer[]; readonly said?: string; readonly pinned?: string | null };

/** A look at a cluster of which vault-0 is configured and active. */
async function look({ members = [], said = "id-1", pinned = "id-1" }: Told, change: Partial<RaftQuestion> = {}) {
  const asked: string[] = [];
  const active = fakeNode("vault-0", {
    health: async () => await Promise.resolve(health({ clusterId: said })),
    raftConfiguration: async () => {
      asked.push("sys/storage/raft/configuration");
      return await Promise.resolve({ index: 1, servers: members });
    },
  });
  const { world, logged } = manualWorld();
  const discovery = createRaftDiscovery({ ...question(active, pinned), ...change }, world);
  await discovery.start();
  discovery.stop();
  return { nodes: discovery.nodes(), stale: discovery.status().stale, asked, logged: logged() };
}

function question(active: VaultNode, pinned: string | null): RaftQuestion {
  return {
    scheme: "https",
    port: 8200,
    refresh: 30_000,
    configured: [{ name: "vault-0", raftNodeId: "vault-0", address: "https://vault-0.vault-internal.vault.svc:8200" }],
    cluster: () => ({
      name: "prod",
      activeNode: async () => await Promise.resolve(active),
      knownIdentity: () => (pinned === null ? undefined : { clusterId: pinned, clusterName: "prod" }),
    }),
  };
}

describe("discovery of raft's members", () => {
  it("calls members that are not configured by their node ids, at the hosts of their cluster addresses", async () => {
    const { nodes, stale } = await look({
      members: [
        member("vault-0", "vault-0.vault-internal:8201"),
        member("vault-10", "vault-10.vault-internal:8201"),
        member("vault-2", "10.0.0.2:8201", false),
        member("vault-3", "[fd00::3]:8201"),
      ],
    });

    expect(nodes).toEqual([
      { name: "vault-2", address: "https://10.0.0.2:8200", raftNodeId: "vault-2" },
      { name: "vault-3", address: "https://[fd00::3]:8200", raftNodeId: "vault-3" },
      { name: "vault-10", address: "https://vault-10.vault-internal:8200", raftNodeId: "vault-10" },
    ]);
    expect(stale).toBe(false);
  });

  it("knows a configured node by its host too, whatever id raft has for it", async () => {
    const { nodes } = await look({ members: [member("3f0e2a9c", "vault-0.vault-internal:8201")] });

    expect(nodes).toEqual([]);
  });

  it("leaves out a member whose address is none", async () => {
    const { nodes } = await look({ members: [member("vault-1", ""), member("vault-2", "vault-2:8201")] });

    expect(nodes.map(({ name }) => name)).toEqual(["vault-2"]);
  });

  it("asks no stranger with its token, and finds nothing by its word", async () => {
    const { nodes, stale, asked, logged } = await look({ members: [member("evil", "evil:8201")], said: "id-2" });

    expect({ nodes, stale, asked }).toEqual({ nodes: [], stale: true, asked: [] });
    expect(logged).toEqual(["warn: cannot look for nodes, those known stay"]);
  });

  it("believes the active node while no identity is known", async () => {
    const { nodes } = await look({ members: [member("vault-1", "vault-1:8201")], pinned: null, said: "id-2" });

    expect(nodes.map(({ name }) => name)).toEqual(["vault-1"]);
  });

  it("keeps the last members while there is no leader", async () => {
    let leaderless = false;
    const active = fakeNode("vault-0", {
      health: async () => await Promise.resolve(health()),
      raftConfiguration: async () => await Promise.resolve({ index: 1, servers: [member("vault-1", "vault-1:8201")] }),
    });
    const { world, time } = manualWorld();
    const discovery = createRaftDiscovery(
      {
        ...question(active, "id-1"),
        cluster: () => ({
          name: "prod",
          activeNode: async () =>
            await (leaderless ? Promise.reject(failure("no-leader", "cannot find it")) : Promise.resolve(active)),
          knownIdentity: () => undefined,
        }),
      },
      world,
    );
    await discovery.start();
    leaderless = true;

    await time.advance(30_000);

    expect(discovery.nodes().map(({ name }) => name)).toEqual(["vault-1"]);
    expect(discovery.status().stale).toBe(true);
    discovery.stop();
  });
});
