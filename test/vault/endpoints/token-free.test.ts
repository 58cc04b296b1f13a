import { describe, expect, it } from "@jest/globals";
import { readSysHealth } from "../../../src/vault/endpoints/sys-health.ts";
import { readSysLeader } from "../../../src/vault/endpoints/sys-leader.ts";
import { readSysSealStatus } from "../../../src/vault/endpoints/sys-seal-status.ts";
import { createVaultTransport } from "../../../src/vault/http-transport.ts";
import type { VaultTransport } from "../../../src/vault/transport.ts";
import { json, startRawServer } from "../raw-server.ts";

/** Reads an endpoint from a server that answers this. */
async function answered<T>(read: (transport: VaultTransport) => Promise<T>, code: number, body: unknown): Promise<T> {
  await using server = await startRawServer(json(code, body));
  const transport = createVaultTransport({ node: { name: "vault-0", address: server.address }, tokens: {} });
  try {
    return await read(transport);
  } finally {
    await transport.close();
  }
}

const HEALTH = { initialized: true, sealed: false, standby: true, server_time_utc: 1_795_316_520 };

describe("sys/health", () => {
  const unknown = { removedFromCluster: undefined, haConnectionHealthy: undefined };

  it.each([
    {
      name: "OpenBao: a standby",
      code: 429,
      body: { version: "2.6.2", cluster_id: "id", replication_dr_mode: "disabled" },
      read: { ...unknown, performanceStandby: undefined, enterprise: false, hasVaultOnlyKeys: false },
    },
    {
      name: "Vault 1.14: a standby",
      code: 429,
      body: { version: "1.14.9", performance_standby: false },
      read: { ...unknown, performanceStandby: false, enterprise: false, hasVaultOnlyKeys: true },
    },
    {
      name: "Vault Enterprise 1.14, which tells it by its version",
      code: 473,
      body: { version: "1.14.9+ent.hsm", performance_standby: true },
      read: { ...unknown, performanceStandby: true, enterprise: true, hasVaultOnlyKeys: true },
    },
    {
      name: "Vault 1.19: a standby that hears from nobody",
      code: 474,
      body: { version: "1.19.0", performance_standby: false, enterprise: false, ha_connection_healthy: false },
      read: { removedFromCluster: undefined, haConnectionHealthy: false, enterprise: false },
    },
    {
      name: "Vault 1.19: a node that was removed",
      code: 530,
      body: { version: "1.19.0", performance_standby: false, enterprise: true, removed_from_cluster: true },
      read: { removedFromCluster: true, haConnectionHealthy: undefined, enterprise: true },
    },
  ])("is read from $name", async ({ code, body, read }) => {
    expect(await answered(readSysHealth, code, { ...HEALTH, ...body })).toMatchObject({ statusCode: code, ...read });
  });
});

describe("sys/seal-status", () => {
  const SEAL = { type: "shamir", initialized: true, sealed: true, t: 3, n: 5, progress: 1, nonce: "n-1" };

  it.each([
    { name: "a node that does not tell whether it was removed", body: {}, removed: undefined },
    { name: "a node that was removed", body: { removed_from_cluster: true }, removed: true },
    { name: "a node that was not removed", body: { removed_from_cluster: false }, removed: false },
  ])("is read from $name", async ({ body, removed }) => {
    const seal = await answered(readSysSealStatus, 200, { ...SEAL, ...body });

    expect(seal).toMatchObject({ threshold: 3, shares: 5, progress: 1, nonce: "n-1", removedFromCluster: removed });
  });
});

describe("sys/leader", () => {
  it.each([
    { name: "an active node", activeTime: "2026-11-22T00:00:00.123456789Z", told: "2026-11-22T00:00:00.123456789Z" },
    { name: "a node that was never active", activeTime: "0001-01-01T00:00:00Z", told: undefined },
    { name: "a node that leaves it out", activeTime: undefined, told: undefined },
    { name: "a node that says what is no time", activeTime: "yesterday", told: undefined },
  ])("tells since when the node leads: $name", async ({ activeTime, told }) => {
    const body = { ha_enabled: true, is_self: told !== undefined, active_time: activeTime };

    expect(await answered(readSysLeader, 200, body)).toMatchObject({ activeTime: told, leaderAddress: "" });
  });
});
