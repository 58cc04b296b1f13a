import { describe, expect, it } from "@jest/globals";
import type { DiscoveredNode } from "../../src/discovery/node-discovery.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { ClusterAddress } from "../../src/vault/create-cluster.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import { createVaultTransport } from "../../src/vault/http-transport.ts";
import type { NodeAddress } from "../../src/vault/live-nodes.ts";
import { settled } from "../runner/manual-time.ts";
import { json, startRawServer } from "./raw-server.ts";

const at = (name: string, address = `http://${name}:8200`): DiscoveredNode => ({ name, address });

/** A cluster with configured nodes, and what a discovery found, which a test changes. */
function clusterOf(
  configured: readonly NodeAddress[],
  found: readonly DiscoveredNode[] = [],
  config: Partial<ClusterAddress> = {},
) {
  const world = { found };
  const opened: string[] = [];
  const closed: string[] = [];
  const reported: string[] = [];
  const unreadable = new Set<string>();
  const cluster = createVaultCluster(
    { name: "prod", product: "auto", tls: {}, nodes: configured as ClusterAddress["nodes"], ...config },
    {
      identityMemory: { load: () => undefined, save: () => {} },
      discovery: {
        kind: "dns",
        nodes: () => world.found,
        status: () => ({ stale: false, lastSuccessAt: 1 }),
        start: async () => await Promise.reject(new Error("whoever made it starts it")),
        stop: () => {},
      },
      report: ({ message }) => void reported.push(message),
      transportFor: (node) => {
        if (unreadable.has(node.name))
          throw new FailureError({
            reason: "refused",
            retryable: false,
            message: `cannot read the CA of ${node.name}`,
          });
        opened.push(node.name);
        const transport = createVaultTransport({ node, tokens: {} });
        return {
          ...transport,
          close: async (when) => {
            closed.push(`${node.name} ${when ?? "now"}`);
            await transport.close(when);
          },
        };
      },
    },
  );
  const names = (): readonly string[] => cluster.nodes.map(({ name }) => name);
  return { world, cluster, names, opened, closed, reported, unreadable };
}

describe("a cluster whose nodes are looked for", () => {
  it("tells of a found node whose address is none, and has the others", () => {
    const { names, reported } = clusterOf([at("vault-0")], [at("a", "https://no host:8200"), at("vault-1")]);
    expect(names()).toEqual(["vault-0", "vault-1"]);
    expect(names()).toEqual(["vault-0", "vault-1"]);
    expect(reported).toEqual([expect.stringContaining("Invalid URL")]);
  });

  it("has the configured nodes and then those that were found, as they come and go", () => {
    const { world, names, cluster, opened } = clusterOf([at("vault-0")], [at("vault-1")]);
    expect(names()).toEqual(["vault-0", "vault-1"]);

    world.found = [at("vault-1"), at("vault-2")];
    expect(names()).toEqual(["vault-0", "vault-1", "vault-2"]);
    expect(cluster.node("vault-2").address).toBe("http://vault-2:8200");
    world.found = [at("vault-2")];

    expect(names()).toEqual(["vault-0", "vault-2"]);
    expect(() => cluster.node("vault-1")).toThrow("cannot find node vault-1 in prod");
    expect(opened).toEqual(["vault-0", "vault-1", "vault-2"]);
  });

  it("keeps a node for as long as it is found where it was, and the list for as long as nothing changes", () => {
    const { world, cluster } = clusterOf([at("vault-0")], [at("vault-1"), at("vault-2")]);
    const nodes = cluster.nodes;
    expect(cluster.nodes).toBe(nodes);

    world.found = [{ ...at("vault-1") }, at("vault-2", "http://elsewhere:8200")];

    expect(cluster.nodes[0]).toBe(nodes[0]);
    expect(cluster.nodes[1]).toBe(nodes[1]);
    expect(cluster.nodes[2]).not.toBe(nodes[2]);
    expect(cluster.nodes[2]?.address).toBe("http://elsewhere:8200");
  });

  it.each([
    { name: "its name", found: at("vault-0", "http://10.0.0.7:8200") },
    { name: "its address", found: at("10.0.0.7", "http://vault-0:8200/") },
  ])("takes a found node for the configured one by $name", ({ found }) => {
    const { cluster } = clusterOf([{ ...at("vault-0"), raftNodeId: "b7c1" }], [found]);

    expect(cluster.nodes.map(({ name, address, raftNodeId }) => ({ name, address, raftNodeId }))).toEqual([
      { name: "vault-0", address: "http://vault-0:8200", raftNodeId: "b7c1" },
    ]);
  });

  it("counts the first of two found ones with one name or one address", () => {
    const { names } = clusterOf([], [at("a"), at("b", "http://a:8200"), at("a", "http://c:8200"), at("d")]);

    expect(names()).toEqual(["a", "d"]);
  });

  it("takes the raft node id that the source knows, else the name", () => {
    const { cluster } = clusterOf([], [at("vault-0"), { ...at("vault-1"), raftNodeId: "b7c1" }]);

    expect(cluster.nodes.map(({ raftNodeId }) => raftNodeId)).toEqual(["vault-0", "b7c1"]);
  });

  it("asks those who are there now", async () => {
    await using server = await startRawServer(
      json(503, { initialized: true, sealed: true, standby: true, server_time_utc: 1, version: "2.7.2" }),
    );
    const { world, cluster } = clusterOf([]);
    expect(await cluster.product()).toBe("unknown");

    world.found = [at("vault-0", server.address)];

    expect(await cluster.product()).toBe("openbao");
    await expect(cluster.activeNode()).rejects.toThrow("vault-0: ");
    await cluster.close();
  });

  it("lets a node that goes end the calls under way, closes its connections then, and refuses new calls", async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    await using server = await startRawServer((response, request) => {
      ask();
      void answered.then(() => json(200, { ha_enabled: true, leader_address: "" })(response, request));
    });
    const { world, cluster, names, closed } = clusterOf([], [at("vault-0", server.address)]);
    const node = cluster.node("vault-0");
    const call = node.leader();
    await asked;

    world.found = [];
    expect(names()).toEqual([]);
    answer();

    expect(await call).toMatchObject({ leaderAddress: "" });
    expect(closed).toEqual(["vault-0 idle"]);
    await expect(node.leader()).rejects.toMatchObject({ reason: "unreachable" });
    await cluster.close();
  });

  it("leaves out a node whose files cannot be read, says so once, and takes it in when they can", async () => {
    const { world, names, unreadable, reported, cluster } = clusterOf([at("vault-0")]);
    unreadable.add("vault-1");

    world.found = [at("vault-1"), at("vault-2")];
    expect(names()).toEqual(["vault-0", "vault-2"]);
    expect(names()).toEqual(["vault-0", "vault-2"]);
    expect(reported).toEqual(["cannot read the CA of vault-1"]);
    expect(cluster.expectedNodes).toBe(3);
    unreadable.clear();

    expect(names()).toEqual(["vault-0", "vault-1", "vault-2"]);
    await settled();
  });
});

describe("how many nodes there should be", () => {
  it("is the most that there ever were", () => {
    const { world, cluster } = clusterOf([at("vault-0")]);
    expect(cluster.expectedNodes).toBe(1);
    world.found = [at("vault-1"), at("vault-2")];
    expect(cluster.expectedNodes).toBe(3);
    world.found = [at("vault-0")];

    expect(cluster.nodes).toHaveLength(1);
    expect(cluster.expectedNodes).toBe(3);
  });

  it("is what the configuration says", () => {
    const { cluster } = clusterOf([at("vault-0")], [at("vault-1")], { expectedNodes: 5 });

    expect(cluster.expectedNodes).toBe(5);
  });
});
