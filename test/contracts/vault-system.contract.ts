import { describe, expect, it } from "@jest/globals";
import type { Json } from "../../src/lib/json.ts";
import { Secret } from "../../src/lib/secret.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import type { Endpoint } from "../../src/vault/endpoint.ts";
import {
  generateRoot,
  generateRootToken,
  rekey,
  rekeyRecoveryKey,
  rotateRecovery,
  rotateRoot,
} from "../../src/vault/endpoints/key-ceremonies.ts";
import { sysAudit } from "../../src/vault/endpoints/sys-audit.ts";
import { sysHostInfo } from "../../src/vault/endpoints/sys-host-info.ts";
import { sysInFlightReq } from "../../src/vault/endpoints/sys-in-flight-req.ts";
import { sysKeyStatus } from "../../src/vault/endpoints/sys-key-status.ts";
import { licenseStatus } from "../../src/vault/endpoints/sys-license.ts";
import { exemptPaths, rateLimitQuota, rateLimitQuotas } from "../../src/vault/endpoints/sys-quotas.ts";
import { replicationStatus } from "../../src/vault/endpoints/sys-replication-status.ts";
import { sealBackendStatus } from "../../src/vault/endpoints/sys-seal-backend-status.ts";
import { tokenLookupSelf } from "../../src/vault/endpoints/token-lookup-self.ts";
import { createVaultTransport } from "../../src/vault/http-transport.ts";
import type { VaultRequest } from "../../src/vault/transport.ts";
import type { ContractCluster } from "./vault.contract.ts";

/** The cluster under contract, and our view of it with another token than root's. */
export type SystemContractOptions = {
  readonly server: () => ContractCluster;
  readonly open: (options?: { readonly token: string }) => VaultCluster;
};

const IDLE = { started: false, progress: 0, required: 2 };
const NOT_ON_OPENBAO: readonly { readonly endpoint: Endpoint<unknown>; readonly reason: string }[] = [
  { endpoint: generateRoot, reason: "refused" },
  { endpoint: rekey, reason: "refused" },
  { endpoint: rekeyRecoveryKey, reason: "not-found" },
  { endpoint: rotateRecovery, reason: "refused" },
  { endpoint: sealBackendStatus, reason: "denied" },
  { endpoint: replicationStatus, reason: "not-found" },
  { endpoint: licenseStatus, reason: "not-found" },
];
const GUARDED: readonly { readonly endpoint: Endpoint<unknown>; readonly line: string }[] = [
  { endpoint: sysAudit, line: `path "sys/audit" { capabilities = ["read", "sudo"] }` },
  { endpoint: sysHostInfo, line: `path "sys/host-info" { capabilities = ["read"] }` },
  { endpoint: sysKeyStatus, line: `path "sys/key-status" { capabilities = ["read"] }` },
  { endpoint: generateRootToken, line: `path "sys/generate-root-token/attempt" { capabilities = ["read"] }` },
  { endpoint: rotateRoot, line: `path "sys/rotate/root/init" { capabilities = ["read"] }` },
  { endpoint: rateLimitQuotas, line: `path "sys/quotas/rate-limit/" { capabilities = ["list"] }` },
  { endpoint: sysInFlightReq, line: `path "sys/in-flight-req" { capabilities = ["read"] }` },
  { endpoint: exemptPaths, line: `path "sys/quotas/config" { capabilities = ["read"] }` },
];

/** What audit, keyring, key ceremonies, quotas and our own token must answer, with a Shamir seal. */
export function systemContract({ server, open }: SystemContractOptions): void {
  const change = async (method: VaultRequest["method"], path: string, body?: Json): Promise<void> => {
    const active = await open().activeNode();
    await using transport = changing(server(), active.name);
    await transport.request({ method, path, token: "operate", ...(body === undefined ? {} : { body }) });
  };
  const read = async <T>(endpoint: Endpoint<T>): Promise<T> => await (await open().activeNode()).read(endpoint);

  describe("the system's own affairs", () => {
    it("name the audit devices, and nothing of their options", async () => {
      const devices = [...(await read(sysAudit))].sort((left, right) => (left.path < right.path ? -1 : 1));

      expect(devices).toEqual([
        { path: "file-a/", type: "file" },
        { path: "file-b/", type: "file" },
      ]);
    });

    it("tell how each machine is, on standbys too", async () => {
      for (const node of open().nodes) {
        const { cpu, disks, memory } = await node.read(sysHostInfo);
        expect(cpu?.idleSeconds).toBeGreaterThan(0);
        expect(cpu?.totalSeconds).toBeGreaterThan((cpu?.idleSeconds ?? 0) + (cpu?.ioWaitSeconds ?? 0));
        expect(disks.map(({ path }) => path)).toEqual(expect.arrayContaining([expect.stringMatching(/^\//u)]));
        for (const { usedPercent } of disks) expect(usedPercent).toBeLessThanOrEqual(100);
        expect(memory?.totalBytes).toBeGreaterThan(memory?.availableBytes ?? Infinity);
      }
    });

    it("count the keys of storage", async () => {
      const before = await read(sysKeyStatus);

      await change("PUT", "sys/rotate");

      const after = await read(sysKeyStatus);
      expect(after.term).toBe(before.term + 1);
      expect(after.installedAtSeconds).toBeGreaterThan(before.installedAtSeconds ?? Infinity);
      expect(Math.abs((after.installedAtSeconds ?? 0) - Date.now() / 1000)).toBeLessThan(60);
      expect(after.encryptions).toBeGreaterThanOrEqual(0);
    });

    it("tell of a root token that is being generated, and not of its secrets", async () => {
      expect(await read(generateRootToken)).toEqual(IDLE);

      await change("PUT", "sys/generate-root-token/attempt");

      expect(await read(generateRootToken)).toEqual({ ...IDLE, started: true });
      await change("DELETE", "sys/generate-root-token/attempt");
      expect(await read(generateRootToken)).toEqual(IDLE);
    });

    it("tell of new key shares that are being made, on the active node alone", async () => {
      expect(await read(rotateRoot)).toEqual(IDLE);

      await change("PUT", "sys/rotate/root/init", { secret_shares: 5, secret_threshold: 3 });

      expect(await read(rotateRoot)).toEqual({ ...IDLE, started: true });
      const cluster = open();
      const active = await cluster.activeNode();
      const standby = cluster.nodes.find(({ name }) => name !== active.name);
      expect(await standby?.read(rotateRoot)).toEqual(IDLE);
      await change("DELETE", "sys/rotate/root/init");
      expect(await read(rotateRoot)).toEqual(IDLE);
    });

    it.each(NOT_ON_OPENBAO)("lack $endpoint.path: $reason", async ({ endpoint, reason }) => {
      await expect(read(endpoint)).rejects.toMatchObject({ reason });
    });

    it("list the rate-limit quotas, none at first", async () => {
      expect(await read(rateLimitQuotas)).toEqual([]);

      await change("PUT", "sys/quotas/rate-limit/everybody", { rate: 5000, interval: "10s" });

      expect(await read(rateLimitQuotas)).toEqual(["everybody"]);
      expect(await read(rateLimitQuota("everybody"))).toEqual({ rate: 5000, intervalSeconds: 10, path: "" });
      await expect(read(rateLimitQuota("nobody"))).rejects.toMatchObject({ reason: "not-found" });
      await change("DELETE", "sys/quotas/rate-limit/everybody");
      expect(await read(rateLimitQuotas)).toEqual([]);
    });

    it("name the paths that no quota limits", async () => {
      expect(await read(exemptPaths)).toContain("sys/health");
    });

    it("tell what a node is working on: the question itself, and nobody's address", async () => {
      const requests = await read(sysInFlightReq);

      const own = requests.find(({ path }) => path === "sys/in-flight-req");
      expect(own).toEqual({
        clientId: expect.stringMatching(/^\S{8,}$/u),
        path: "sys/in-flight-req",
        startedAtSeconds: expect.any(Number),
      });
      expect(Math.abs((own?.startedAtSeconds ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    });

    it("tell how the machine of a node does, a standby its own", async () => {
      for (const node of open().nodes) {
        const { cpu, disks, memory } = await node.read(sysHostInfo);
        expect(cpu?.totalSeconds).toBeGreaterThan(cpu?.idleSeconds ?? Infinity);
        expect(disks.length).toBeGreaterThan(0);
        expect(memory?.totalBytes).toBeGreaterThan(memory?.availableBytes ?? Infinity);
      }
    });

    it.each(GUARDED)("keep $endpoint.path from a token without its policy", async ({ endpoint, line }) => {
      const token = await server().createToken([{ path: "sys/metrics", capabilities: ["read"] }]);
      const active = await open({ token }).activeNode();

      await expect(active.read(endpoint)).rejects.toMatchObject({
        reason: "denied",
        message: expect.stringContaining(`add: ${line} `),
      });
    });
  });

  describe("our own token", () => {
    it("never ends when it is the root token", async () => {
      expect(await read(tokenLookupSelf)).toEqual({
        expiresAtSeconds: undefined,
        ttlSeconds: 0,
        renewable: false,
        orphan: true,
      });
    });

    it("ends, can be renewed, and is not told", async () => {
      const token = await server().createToken([{ path: "auth/token/lookup-self", capabilities: ["read"] }]);
      const active = await open({ token }).activeNode();

      const { expiresAtSeconds = 0, ttlSeconds, ...rest } = await active.read(tokenLookupSelf);

      expect(Math.abs(expiresAtSeconds - Date.now() / 1000 - 86_400)).toBeLessThan(60);
      expect(ttlSeconds).toBeGreaterThan(86_340);
      expect(rest).toEqual({ renewable: true, orphan: true });
    });
  });
}

/** A transport to one node that may change it, with the root token. */
function changing(server: ContractCluster, name: string) {
  const node = server.nodes.find((each) => each.name === name);
  if (node === undefined) throw new Error(`no node is called ${name}`);
  const operate = { read: async () => await Promise.resolve(new Secret(server.rootToken)) };
  const transport = createVaultTransport({ node, tls: { caFile: server.caFile }, tokens: { operate } });
  return { ...transport, [Symbol.asyncDispose]: transport.close };
}
