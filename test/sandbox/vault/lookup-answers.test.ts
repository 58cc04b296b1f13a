import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startSimulatedCluster } from "../../../src/sandbox/vault/start-simulated-cluster.ts";
import type { SimulatedCluster } from "../../../src/sandbox/vault/simulated-cluster.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { leaseById } from "../../../src/vault/endpoints/lease-by-id.ts";

/** What both kinds of cluster answer is in test/contracts/vault-leases.contract.ts; these leases only the simulation has. */
describe("the simulated lookup of a lease", () => {
  const NOW = Date.UTC(2026, 10, 22);
  let server: SimulatedCluster;
  let cluster: VaultCluster;

  beforeAll(async () => {
    server = await startSimulatedCluster({ clock: { now: () => NOW } });
    const memory = { load: () => undefined, save: () => {} };
    const config = {
      name: "prod",
      product: "auto",
      nodes: [...server.nodes],
      tls: {},
      token: { env: "TOKEN" },
    } as const;
    cluster = createVaultCluster(
      { ...config, nodes: [...config.nodes] },
      { identityMemory: memory, env: { TOKEN: server.rootToken } },
    );
  });

  afterAll(async () => {
    await cluster.close();
    await server.close();
  });

  it("knows those that a list shows, for an hour, and forgets them with the list", async () => {
    const id = "database/creds/readonly/1a2b";
    server.setLeases({ total: 1, irrevocable: {}, ids: [id] });
    const active = await cluster.activeNode();

    expect(await active.read(leaseById(id))).toEqual({
      issued: "2026-11-22T00:00:00.000Z",
      expires: "2026-11-22T01:00:00.000Z",
      ttlSeconds: 3600,
      renewable: true,
    });

    server.setLeases({ total: 0, irrevocable: {}, ids: [] });
    await expect(active.read(leaseById(id))).rejects.toMatchObject({ reason: "not-found" });
  });
});
