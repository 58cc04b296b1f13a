import { describe, expect, it } from "@jest/globals";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import { z } from "zod";
import { auditHash } from "../../src/vault/endpoints/audit-hash.ts";
import { leaseById } from "../../src/vault/endpoints/lease-by-id.ts";
import { leasesLookup } from "../../src/vault/endpoints/leases-lookup.ts";
import { sysAuthMethods } from "../../src/vault/endpoints/sys-auth-methods.ts";
import { sysAudit } from "../../src/vault/endpoints/sys-audit.ts";
import { tokenAccessors } from "../../src/vault/endpoints/token-accessors.ts";
import { tokenByAccessor } from "../../src/vault/endpoints/token-by-accessor.ts";
import { sysMounts } from "../../src/vault/endpoints/sys-mounts.ts";
import type { VaultCluster, VaultNode } from "../../src/vault/cluster.ts";
import type { Endpoint } from "../../src/vault/endpoint.ts";
import type { SystemContractOptions } from "./vault-system.contract.ts";

const NO_RULE: readonly PolicyRule[] = [{ path: "sys/leases/count", capabilities: ["read"] }];
const LIST_ONLY: readonly PolicyRule[] = [{ path: "sys/leases/lookup/*", capabilities: ["list"] }];
const LIST_AND_SUDO: readonly PolicyRule[] = [{ path: "sys/leases/lookup/*", capabilities: ["list", "sudo"] }];

const LOOKUPS: readonly { readonly endpoint: Endpoint<unknown>; readonly line: string }[] = [
  { endpoint: leaseById("auth/token/create/h1"), line: `path "sys/leases/lookup" { capabilities = ["update"] }` },
  { endpoint: tokenByAccessor("a1"), line: `path "auth/token/lookup-accessor" { capabilities = ["update"] }` },
];
/** The program never reads its own accessor. */
const OWN_ACCESSOR: Endpoint<string> = {
  path: "auth/token/lookup-self",
  token: "read",
  answer: z.object({ data: z.object({ accessor: z.string() }) }).transform(({ data }) => data.accessor),
};

/** What mounts, lists of leases, and lookups of one lease and one token must answer. */
export function leasesContract({ server, open }: SystemContractOptions): void {
  const active = async (cluster: VaultCluster): Promise<VaultNode> => await cluster.activeNode();
  const holding = async (rules: readonly PolicyRule[]): Promise<VaultNode> =>
    await active(open({ token: await server().createToken(rules) }));

  describe("mounts and leases", () => {
    it("name every mount by its path and its accessor, and nothing that is no mount", async () => {
      const node = await active(open());

      const mounts = await node.read(sysMounts);
      const methods = await node.read(sysAuthMethods);

      expect(mounts.map(({ path }) => path)).toEqual(expect.arrayContaining(["cubbyhole/", "identity/", "sys/"]));
      expect(methods.map(({ path }) => path)).toContain("auth/token/");
      for (const { path, accessor } of [...mounts, ...methods]) {
        expect(path).toMatch(/\/$/u);
        expect(accessor).toMatch(/_[0-9a-f]{8}$/u);
      }
    });

    it.each(LOOKUPS)("know no such thing at $endpoint.path: reason not-found", async ({ endpoint }) => {
      const node = await active(open());

      await expect(node.read(endpoint)).rejects.toMatchObject({ reason: "not-found", retryable: false });
    });

    it.each(LOOKUPS)("keep $endpoint.path from a token without its policy", async ({ endpoint, line }) => {
      const node = await holding(NO_RULE);

      await expect(node.read(endpoint)).rejects.toMatchObject({
        reason: "denied",
        message: expect.stringContaining(`add: ${line} `),
      });
    });

    it("tell of a token by its accessor what it may do and until when", async () => {
      const own = await holding([{ path: "auth/token/lookup-self", capabilities: ["read"] }]);
      const accessor = await own.read(OWN_ACCESSOR);
      const node = await active(open());

      const found = await node.read(tokenByAccessor(accessor));

      expect(found).toMatchObject({ displayName: "token", path: "auth/token/create", type: "service", orphan: true });
      expect(found.policies).toHaveLength(1);
      expect(found.ttlSeconds).toBeGreaterThan(86_340);
      expect(Math.abs(Date.parse(found.expires) - Date.now() - 86_400_000)).toBeLessThan(60_000);
    });

    it("tell of the root token that it never expires", async () => {
      const node = await active(open());

      const found = await node.read(tokenByAccessor(await node.read(OWN_ACCESSOR)));

      expect(found).toMatchObject({ policies: ["root"], ttlSeconds: 0, expires: "" });
    });

    it("list the accessor of every living token, each once", async () => {
      const own = await holding([
        { path: "auth/token/lookup-self", capabilities: ["read"] },
        { path: "auth/token/accessors/", capabilities: ["list", "sudo"] },
      ]);

      const accessors = await own.read(tokenAccessors);

      expect(accessors).toContain(await own.read(OWN_ACCESSOR));
      expect(new Set(accessors).size).toBe(accessors.length);
    });

    it("hash a value as one audit device does, always the same, and each device in its own way", async () => {
      const node = await active(open());
      const [first, second] = (await node.read(sysAudit)).map(({ path }) => path);

      const hash = await node.read(auditHash(first ?? "", "a value"));

      expect(hash).toMatch(/^hmac-sha256:[0-9a-f]{64}$/u);
      expect(await node.read(auditHash(first ?? "", "a value"))).toBe(hash);
      expect(await node.read(auditHash(first ?? "", "another"))).not.toBe(hash);
      if (second !== undefined) expect(await node.read(auditHash(second, "a value"))).not.toBe(hash);
      await expect(node.read(auditHash("nowhere", "a value"))).rejects.toMatchObject({ reason: "refused" });
    });

    it.each([
      { endpoint: auditHash("file", "a value"), line: `path "sys/audit-hash/file" { capabilities = ["update"] }` },
      { endpoint: tokenAccessors, line: `path "auth/token/accessors/" { capabilities = ["list", "sudo"] }` },
    ])("keep $endpoint.path from a token without its policy, and say what is missing", async ({ endpoint, line }) => {
      const node = await holding(NO_RULE);

      await expect(node.read<unknown>(endpoint as Endpoint<unknown>)).rejects.toMatchObject({
        reason: "denied",
        message: expect.stringContaining(`add: ${line} `),
      });
    });

    it("say that there is nothing (404) where there is no lease", async () => {
      const node = await holding(LIST_AND_SUDO);

      await expect(node.stream(leasesLookup("cubbyhole/"))).rejects.toMatchObject({ reason: "not-found" });
    });

    it.each([
      { name: "no rule", rules: NO_RULE },
      { name: "the right to list but no sudo", rules: LIST_ONLY },
    ])("refuse a list to a token with $name, and the error names what is missing", async ({ rules }) => {
      const node = await holding(rules);

      await expect(node.stream(leasesLookup("auth/token/"))).rejects.toMatchObject({
        reason: "denied",
        message: expect.stringContaining(`path "sys/leases/lookup/auth/token/" { capabilities = ["list", "sudo"] }`),
      });
    });
  });
}
