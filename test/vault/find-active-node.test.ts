import { describe, expect, it } from "@jest/globals";
import { FailureError } from "../../src/lib/failure.ts";
import type { FailureReason } from "../../src/lib/failure.ts";
import type { VaultNode } from "../../src/vault/cluster.ts";
import { findActiveNode } from "../../src/vault/find-active-node.ts";
import type { CallOptions } from "../../src/vault/transport.ts";
import { fakeNode, leader, seal } from "./fake-node.ts";

describe("findActiveNode", () => {
  it("believes the node that says it of itself, not the address that others name", async () => {
    const standby = says("vault-0", { leaderAddress: "http://vault-2:8200" });
    const active = says("vault-1", { isSelf: true, activeTime: "2026-11-22T05:00:00Z" });
    const third = says("vault-2", { leaderAddress: "http://vault-2:8200" });

    expect(await findActiveNode("prod", [standby, active, third])).toBe(active);
  });

  it("takes the later of two that say so, whatever their order and however exact their clocks", async () => {
    const cutOff = says("vault-0", { isSelf: true, activeTime: "2026-11-22T05:00:00.367289614Z" });
    const later = says("vault-1", { isSelf: true, activeTime: "2026-11-22T06:00:00.5+01:00" });

    expect(await findActiveNode("prod", [cutOff, later])).toBe(later);
    expect(await findActiveNode("prod", [later, cutOff])).toBe(later);
  });

  it("does not wait for a node that hangs once another leads, and gives that call up", async () => {
    const active = says("vault-0", { isSelf: true, activeTime: "2026-11-22T05:00:00Z" });
    const hung = hangs("vault-1");

    expect(await findActiveNode("prod", [hung.node, active])).toBe(active);
    expect(hung.wasAborted()).toBe(true);
  });

  it("says what each node said when none leads", async () => {
    const nodes = [
      fails("vault-0", "sealed"),
      fails("vault-1", "unreachable"),
      says("vault-2", {}),
      says("vault-3", { leaderAddress: "http://vault-0:8200" }),
      says("vault-4", { haEnabled: false }),
    ];

    await expect(findActiveNode("prod", nodes)).rejects.toMatchObject({
      reason: "no-leader",
      retryable: true,
      message:
        "cannot find the active node of prod: none says it is active (vault-0: sealed, vault-1: unreachable, " +
        "vault-2: standby, knows of no leader, vault-3: standby, names http://vault-0:8200, vault-4: high availability is off); " +
        "unseal or start nodes until a majority of the voters serves",
    });
  });

  it("is the only node of a cluster without high availability, which never calls itself the leader", async () => {
    const alone = (sealed: boolean): VaultNode =>
      fakeNode("vault-0", {
        leader: async () => await Promise.resolve(leader({ haEnabled: false })),
        sealStatus: async () => await Promise.resolve(seal({ sealed })),
      });
    const open = alone(false);

    expect(await findActiveNode("dev", [open])).toBe(open);
    await expect(findActiveNode("dev", [alone(true)])).rejects.toMatchObject({ reason: "no-leader" });
    await expect(findActiveNode("dev", [open, alone(false)])).rejects.toMatchObject({ reason: "no-leader" });
  });

  it("is no verdict on the cluster when the caller gave up first", async () => {
    const hung = hangs("vault-0").node;

    await expect(findActiveNode("prod", [hung], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: "aborted",
    });
    await expect(findActiveNode("prod", [hung], { signal: AbortSignal.timeout(5) })).rejects.toMatchObject({
      reason: "timeout",
    });
  });
});

function says(name: string, changes: Parameters<typeof leader>[0]): VaultNode {
  return fakeNode(name, { leader: async () => await Promise.resolve(leader(changes)) });
}

function fails(name: string, reason: FailureReason): VaultNode {
  const error = new FailureError({ reason, retryable: true, message: "cannot" });
  return fakeNode(name, { leader: async () => await Promise.reject(error) });
}

function hangs(name: string): { readonly node: VaultNode; readonly wasAborted: () => boolean } {
  let aborted = false;
  const call = async ({ signal }: CallOptions = {}): Promise<never> =>
    await new Promise((_resolve, reject) => {
      const end = (): void => {
        aborted = true;
        reject(new FailureError({ reason: "aborted", retryable: true, message: "gave up" }));
      };
      if (signal?.aborted === true) end();
      signal?.addEventListener("abort", end);
    });
  return { node: fakeNode(name, { leader: call }), wasAborted: () => aborted };
}
