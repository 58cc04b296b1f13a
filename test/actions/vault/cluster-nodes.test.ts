import { describe, expect, it } from "@jest/globals";
import { clusterNodes } from "../../../src/actions/vault/cluster-nodes.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster, FAKE_STATES, type FakeState } from "../fake-cluster.ts";

const CLASSES = ["unsealed", "sealed", "uninitialized", "removed", "unreachable", "unknown"] as const;

describe("vault.cluster-nodes", () => {
  it("puts every node into exactly one class, by name", async () => {
    const states: FakeState[] = [
      "active",
      "standby",
      "sealed",
      "uninitialized",
      "removed",
      "unreachable",
      "frozen",
      "garbage",
      "limited",
      "denied",
    ];
    const answer = await clusterNodes.read(contextOf(createFakeCluster(states)), {});
    expect(answer).toMatchObject({
      expected: 10,
      reachable: 8,
      unsealed_nodes: ["vault-0", "vault-1", "vault-9"],
      sealed_nodes: ["vault-2"],
      uninitialized_nodes: ["vault-3"],
      removed_nodes: ["vault-4"],
      unreachable_nodes: ["vault-5", "vault-6"],
      unknown_nodes: ["vault-7", "vault-8"],
    });
    expect(CLASSES.reduce((sum, name) => sum + Number(answer[name]), 0)).toBe(10);
  });

  it.each([
    { name: "all of three", states: ["active", "standby", "standby"], quorum: 2, margin: 1, majority: true },
    { name: "two of three", states: ["active", "standby", "sealed"], quorum: 2, margin: 0, majority: true },
    { name: "one of three", states: ["active", "unreachable", "sealed"], quorum: 2, margin: -1, majority: false },
    { name: "two of four", states: ["active", "standby", "sealed", "sealed"], quorum: 3, margin: -1, majority: false },
  ] as const)("says how far from the end it is with $name unsealed", async ({ states, quorum, margin, majority }) => {
    expect(await clusterNodes.read(contextOf(createFakeCluster(states)), {})).toMatchObject({
      quorum,
      margin,
      majority,
    });
  });

  it("works without a token, whatever the nodes do", async () => {
    const fake = createFakeCluster(FAKE_STATES.filter((state) => state !== "hanging"));
    await clusterNodes.read(contextOf(fake), {});
    expect(fake.calls.filter(({ reads, operates }) => (reads ?? operates) !== undefined)).toEqual([]);
  });
});
