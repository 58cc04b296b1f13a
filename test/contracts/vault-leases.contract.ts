import { describe, expect, it } from "@jest/globals";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import { leasesLookup } from "../../src/vault/endpoints/leases-lookup.ts";
import { sysAuthMethods } from "../../src/vault/endpoints/sys-auth-methods.ts";
import { sysMounts } from "../../src/vault/endpoints/sys-mounts.ts";
import type { VaultCluster, VaultNode } from "../../src/vault/cluster.ts";
import type { SystemContractOptions } from "./vault-system.contract.ts";

const NO_RULE: readonly PolicyRule[] = [{ path: "sys/leases/count", capabilities: ["read"] }];
const LIST_ONLY: readonly PolicyRule[] = [{ path: "sys/leases/lookup/*", capabilities: ["list"] }];
const LIST_AND_SUDO: readonly PolicyRule[] = [{ path: "sys/leases/lookup/*", capabilities: ["list", "sudo"] }];

/** What mounts and lists of leases must answer. */
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
