import { describe, expect, it } from "@jest/globals";
import { leader } from "../../../src/actions/vault/leader.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

describe("vault.leader", () => {
  it("names the node that calls itself active, by its configured name and address", async () => {
    expect(await leader.read(contextOf(createFakeCluster(["standby", "active", "sealed"])), {})).toEqual({
      known: true,
      node: "vault-1",
      address: "https://vault-1.example:8200",
      active_nodes: 1,
      answered: 2,
    });
  });

  it("names the one that became active last when two call themselves active", async () => {
    const fake = createFakeCluster(["active", "active", "standby"]);
    fake.node("vault-1").activeTime = "2026-01-01T00:00:09Z";
    expect(await leader.read(contextOf(fake), {})).toMatchObject({ known: true, node: "vault-1", active_nodes: 2 });
  });

  it("knows none when nobody calls itself active", async () => {
    expect(await leader.read(contextOf(createFakeCluster(["standby", "sealed", "unreachable"])), {})).toEqual({
      known: false,
      node: "",
      address: "",
      active_nodes: 0,
      answered: 1,
    });
  });

  it("does not believe others about a leader that does not answer, but repeats the address", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    const { cluster } = fake;
    const [gone, ...others] = cluster.nodes;
    const dead = createFakeCluster(["unreachable"]).cluster.nodes[0];
    if (gone === undefined || dead === undefined) throw new Error("the fake has no node");
    const context = { ...contextOf(fake), cluster: { ...cluster, nodes: [dead, ...others] } };
    expect(await leader.read(context, {})).toEqual({
      known: false,
      node: "",
      address: "https://vault-0.example:8200",
      active_nodes: 0,
      answered: 2,
    });
  });
});
