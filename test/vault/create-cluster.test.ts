import { describe, expect, it } from "@jest/globals";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import type { ClusterAddress } from "../../src/vault/create-cluster.ts";
import { json, startRawServer } from "./raw-server.ts";

const IDENTITY_MEMORY = { load: () => undefined, save: () => {} };
const OPENBAO = { initialized: true, sealed: true, standby: true, server_time_utc: 1, version: "2.7.2" };

describe("createVaultCluster", () => {
  it("calls a raft node by its configured id, or by its name", () => {
    const nodes = [node("vault-0"), { ...node("vault-1"), raftNodeId: "b7c1" }];
    const cluster = create({ nodes });
    expect(cluster.nodes.map(({ raftNodeId }) => raftNodeId)).toEqual(["vault-0", "b7c1"]);
  });

  it("finds a node by its name, and names the nearest when there is none", () => {
    const cluster = create({ nodes: [node("vault-0"), node("vault-1")] });
    expect(cluster.node("vault-1").address).toBe("http://127.0.0.1:1");
    expect(() => cluster.node("valt-1")).toThrow(
      expect.objectContaining({
        reason: "not-found",
        message: `cannot find node valt-1 in prod: no node has this name; did you mean "vault-1"?`,
      }),
    );
  });

  it.each([
    { name: "the operator's token where there is one", operatorToken: { env: "OPERATE" }, expected: "s.operate" },
    { name: "the reader's token else", operatorToken: undefined, expected: "s.read" },
  ])("uses for actions $name", async ({ operatorToken, expected }) => {
    await using server = await startRawServer(json(200, {}));
    const cluster = create({
      nodes: [{ name: "vault-0", address: server.address }],
      token: { env: "READ" },
      ...(operatorToken === undefined ? {} : { operatorToken }),
    });

    await cluster.nodes[0]?.removeRaftPeer("vault-9");
    await cluster.close();

    expect(server.received[0]).toMatchObject({ body: '{"server_id":"vault-9"}' });
    expect(server.received[0]?.headers["x-vault-token"]).toBe(expected);
  });

  it.each([
    { name: "openbao", body: OPENBAO },
    { name: "vault", body: { ...OPENBAO, performance_standby: false } },
  ])("detects $name by the keys of sys/health, and asks once", async ({ name, body }) => {
    await using server = await startRawServer(json(503, body));
    const cluster = create({ nodes: [node("gone"), { name: "vault-0", address: server.address }] });

    expect(await cluster.product()).toBe(name);
    expect(await cluster.product()).toBe(name);
    await cluster.close();

    expect(server.received).toHaveLength(1);
  });

  it("knows no product while no node answers, and takes the configured one without asking", async () => {
    const nodes = [node("gone")];
    expect(await create({ nodes }).product()).toBe("unknown");
    expect(await create({ nodes, product: "vault" }).product()).toBe("vault");
  });
});

function node(name: string): ClusterAddress["nodes"][number] {
  // Nothing listens at port 1.
  return { name, address: "http://127.0.0.1:1" };
}

function create(
  config: Partial<ClusterAddress> & Pick<ClusterAddress, "nodes">,
): ReturnType<typeof createVaultCluster> {
  return createVaultCluster(
    { name: "prod", product: "auto", tls: {}, ...config },
    { identityMemory: IDENTITY_MEMORY, env: { READ: "s.read", OPERATE: "s.operate" } },
  );
}
