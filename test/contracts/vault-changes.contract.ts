import { describe, expect, it } from "@jest/globals";
import { readSnapshot } from "../../src/backup/read-snapshot.ts";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { VaultNode } from "../../src/vault/cluster.ts";
import { declaredAuditDevices } from "../../src/vault/endpoints/audit-declared.ts";
import { irrevocableLeaseIds } from "../../src/vault/endpoints/leases-irrevocable-ids.ts";
import { ownOrigin } from "../../src/vault/endpoints/own-origin.ts";
import { sysAudit } from "../../src/vault/endpoints/sys-audit.ts";
import { sysKeyStatus } from "../../src/vault/endpoints/sys-key-status.ts";
import { rateLimitQuota, rateLimitQuotas } from "../../src/vault/endpoints/sys-quotas.ts";
import { tokenByAccessor } from "../../src/vault/endpoints/token-by-accessor.ts";
import type { SystemContractOptions } from "./vault-system.contract.ts";

const QUOTA = { rate: 7.5, intervalSeconds: 10, path: "" };
const LOOKS_AT_ITSELF: readonly PolicyRule[] = [{ path: "auth/token/lookup-self", capabilities: ["read"] }];

/** What the changing calls of a node do, and what their answers do not prove. */
export function changesContract({ server, open }: SystemContractOptions): void {
  const active = async (): Promise<VaultNode> => await open().activeNode();

  describe("changes", () => {
    it("put a new key in use, and count its term up by one", async () => {
      const node = await active();
      const { term } = await node.read(sysKeyStatus);
      await node.rotateKeyring();
      expect(await node.read(sysKeyStatus)).toMatchObject({ term: term + 1 });
    });

    it("make a quota, replace it and take it away; a name that no quota has is answered well", async () => {
      const node = await active();
      await node.setRateLimitQuota("contract", { ...QUOTA, rate: 1 });
      await node.setRateLimitQuota("contract", QUOTA);
      expect(await node.read(rateLimitQuota("contract"))).toEqual(QUOTA);
      await node.deleteRateLimitQuota("contract");
      expect(await node.read(rateLimitQuotas)).toEqual([]);
      await node.deleteRateLimitQuota("contract");
    });

    it("make no quota on a mount that is not there", async () => {
      const node = await active();
      const nowhere = node.setRateLimitQuota("contract", { ...QUOTA, path: "nowhere" });
      await expect(nowhere).rejects.toMatchObject({
        reason: "refused",
        message: expect.stringContaining("invalid mount path"),
      });
    });

    it("end a token by its accessor; one that nobody has is answered well too", async () => {
      const node = await active();
      const other = await open({ token: await server().createToken(LOOKS_AT_ITSELF) }).activeNode();
      const { accessor, path } = await other.read(ownOrigin);
      expect(path).toMatch(/^auth\/token\/create/u);
      await node.revokeAccessor(accessor);
      await expect(node.read(tokenByAccessor(accessor))).rejects.toMatchObject({ reason: "not-found" });
      await expect(other.read(ownOrigin)).rejects.toMatchObject({ reason: "denied" });
      await node.revokeAccessor(accessor);
    });

    it("revoke leases below a prefix with a slash at its end, which the server itself would refuse", async () => {
      const node = await active();
      await node.revokePrefix("auth/token/create/nobody/");
      expect(await node.read(irrevocableLeaseIds)).toEqual([]);
    });

    it("refuse a prefix that leads to another path before anything is sent", async () => {
      const node = await active();
      await expect(node.revokePrefix("auth/../../seal")).rejects.toMatchObject({ reason: "refused" });
    });

    it("leave alone an audit device that the configuration file declares; one that is not there is answered well", async () => {
      const node = await active();
      const devices = await node.read(sysAudit);
      expect((await node.read(declaredAuditDevices)).toSorted()).toEqual(devices.map(({ path }) => path).toSorted());
      const refused = node.disableAuditDevice("file-a/");
      await expect(refused).rejects.toMatchObject({
        reason: "refused",
        message: expect.stringContaining("configuration-managed"),
      });
      await node.disableAuditDevice("nowhere");
      expect(await node.read(sysAudit)).toHaveLength(devices.length);
    });

    it("give the whole storage, whole", async () => {
      const node = await active();
      const { raftAppliedIndex = 0 } = await node.leader();
      const { body } = await node.streamRaftSnapshot();
      const { index } = await readSnapshot(body, { signal: new AbortController().signal });
      expect(index).toBeGreaterThanOrEqual(raftAppliedIndex);
    });

    it("move the leadership", async () => {
      const former = await active();
      await former.stepDown();
      await waitFor("another leader", async () => ((await active()).name === former.name ? undefined : true));
    });

    it("seal the node that is called, and a sealed one again", async () => {
      const node = await active();
      const standby = open().nodes.find(({ name }) => name !== node.name);
      await standby?.seal();
      expect(await standby?.sealStatus()).toMatchObject({ sealed: true });
      await standby?.seal();
      expect(await node.sealStatus()).toMatchObject({ sealed: false });
    });
  });
}
