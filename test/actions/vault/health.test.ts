import { describe, expect, it } from "@jest/globals";
import { health } from "../../../src/actions/vault/health.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeState } from "../fake-cluster.ts";

describe("vault.health", () => {
  const cases: readonly { state: FakeState; gives: Record<string, unknown> }[] = [
    { state: "active", gives: { reachable: true, unsealed: true, status_code: 200, standby: false } },
    { state: "standby", gives: { reachable: true, unsealed: true, status_code: 429, standby: true } },
    { state: "sealed", gives: { reachable: true, unsealed: false, status_code: 503, sealed: true } },
    { state: "uninitialized", gives: { reachable: true, unsealed: false, status_code: 501, initialized: false } },
    { state: "removed", gives: { reachable: true, unsealed: false, status_code: 530, removed: true } },
    { state: "unreachable", gives: { reachable: false, unsealed: false, status_code: 0 } },
    { state: "frozen", gives: { reachable: false, unsealed: false, status_code: 0 } },
  ];

  it.each(cases)("describes a node that is $state", async ({ state, gives }) => {
    expect(await health.read(contextOf(createFakeCluster([state])), { node: "vault-0" })).toMatchObject(gives);
  });

  it.each([
    { name: "a page that is not Vault's", state: "garbage", reason: "invalid-answer" },
    { name: "a quota", state: "limited", reason: "rate-limited" },
  ] as const)("fails on $name, which says nothing about the node", async ({ state, reason }) => {
    expect(await settle(health.read(contextOf(createFakeCluster([state])), { node: "vault-0" }))).toMatchObject({
      reason,
    });
  });
});
