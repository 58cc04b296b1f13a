import { describe, expect, it } from "@jest/globals";
import { sealStatus } from "../../../src/actions/vault/seal-status.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

describe("vault.seal-status", () => {
  it("gives the progress of an unseal, and the address that people type", async () => {
    const fake = createFakeCluster(["sealed"]);
    fake.node("vault-0").progress = 2;
    expect(await sealStatus.read(contextOf(fake), { node: "vault-0" })).toMatchObject({
      address: "https://vault-0.example:8200",
      sealed: true,
      progress: 2,
      threshold: 3,
      shares: 5,
      nonce: "7d1e",
    });
  });

  it.each([
    { name: "a Shamir seal", sealType: "shamir", recoverySeal: false, auto: false },
    { name: "a key service", sealType: "awskms", recoverySeal: true, auto: true },
    { name: "a key service that older servers call shamir", sealType: "shamir", recoverySeal: true, auto: true },
    { name: "a key service before it was initialised", sealType: "transit", recoverySeal: false, auto: true },
  ])("knows whether the node unseals itself: $name", async ({ sealType, recoverySeal, auto }) => {
    const fake = createFakeCluster(["sealed"]);
    Object.assign(fake.node("vault-0"), { sealType, recoverySeal });
    expect(await sealStatus.read(contextOf(fake), { node: "vault-0" })).toMatchObject({ auto_unseal: auto });
  });

  it("fails when the node does not answer: it is not known to be sealed", async () => {
    const fake = createFakeCluster(["unreachable"]);
    expect(await settle(sealStatus.read(contextOf(fake), { node: "vault-0" }))).toMatchObject({
      reason: "unreachable",
    });
  });
});
