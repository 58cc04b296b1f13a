import { describe, expect, it } from "@jest/globals";
import type { ActionContext } from "../../../src/actions/action.ts";
import { upgradeOrder } from "../../../src/actions/vault/upgrade-order.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeCluster, type FakeState } from "../fake-cluster.ts";

const TARGET = "2.7.2";

/** Nodes in these states with these versions; without versions all have 2.6.2. */
function fakeOf(states: readonly FakeState[], versions: readonly string[] = []) {
  const fake = createFakeCluster(states);
  for (const { name } of fake.cluster.nodes) fake.node(name).index = 5000;
  return { fake, context: withVersions(fake, versions) };
}

function withVersions(fake: FakeCluster, versions: readonly string[]): ActionContext {
  const context = contextOf(fake);
  const nodes = context.cluster.nodes.map((node, index) => ({
    ...node,
    health: async (options: Parameters<typeof node.health>[0]) => ({
      ...(await node.health(options)),
      version: versions[index] ?? "2.6.2",
    }),
  }));
  const activeNode: ActionContext["cluster"]["activeNode"] = async (options) => {
    const { name } = await context.cluster.activeNode(options);
    return nodes.find((node) => node.name === name) ?? context.cluster.node(name);
  };
  return { ...context, cluster: { ...context.cluster, nodes, activeNode } };
}

describe("vault.upgrade-order", () => {
  it.each([
    {
      name: "takes the standbys first and the leader last, wherever it stands in the list",
      states: ["active", "standby", "standby"] as const,
      versions: [],
      gives: { next: "vault-1", next_is_leader: false, remaining_names: ["vault-1", "vault-2", "vault-0"] },
    },
    {
      name: "leaves out what is done",
      states: ["active", "standby", "standby"] as const,
      versions: ["2.6.2", TARGET, "2.6.2"],
      gives: { next: "vault-2", done_names: [`vault-1`], remaining_names: ["vault-2", "vault-0"], leader_done: false },
    },
    {
      name: "names the leader when all others are done",
      states: ["standby", "active", "standby"] as const,
      versions: [TARGET, "2.6.2", TARGET],
      gives: { next: "vault-1", next_is_leader: true, next_address: "https://vault-1.example:8200" },
    },
    {
      name: "names nobody when all are done",
      states: ["active", "standby", "standby"] as const,
      versions: [TARGET, TARGET, TARGET],
      gives: { next: "", settled: true, leader_done: true, remaining_names: [] },
    },
    {
      name: "tells nodes that are newer, or that tell nothing",
      states: ["active", "standby", "standby"] as const,
      versions: ["2.8.0", "", "2.6.2"],
      gives: { newer_names: ["vault-0"], unknown_names: ["vault-1"], next: "vault-2" },
    },
    {
      name: "tells that an earlier upgrade was never finished",
      states: ["active", "standby", "standby"] as const,
      versions: ["2.6.2", "2.7.0", "2.6.2"],
      gives: { remaining_versions: ["2.6.2", "2.7.0"] },
    },
  ])("$name", async ({ states, versions, gives }) => {
    const { context } = fakeOf(states, versions);
    expect(await upgradeOrder.read(context, { target: TARGET })).toMatchObject(gives);
  });

  it.each([
    { name: "is sealed", change: { state: "sealed" as const }, waits: "vault-2 is sealed" },
    { name: "does not answer", change: { state: "unreachable" as const }, waits: "vault-2 is unreachable" },
    {
      name: "is unhealthy to autopilot",
      change: { healthy: false },
      waits: "autopilot does not call vault-2 healthy",
    },
    { name: "is no member", change: { member: false }, waits: "vault-2 is no member of raft" },
    { name: "is behind", change: { index: 4000 }, waits: "vault-2 is 1000 entries behind the leader" },
  ])("names nobody while a node $name, so that never two are away", async ({ change, waits }) => {
    const { fake, context } = fakeOf(["active", "standby", "standby"]);
    Object.assign(fake.node("vault-2"), change);
    expect(await upgradeOrder.read(context, { target: TARGET })).toMatchObject({
      settled: false,
      next: "",
      waits_for: waits,
    });
  });

  it("takes the node that is worked on for no loss, and another that is away for one", async () => {
    const { fake, context } = fakeOf(["active", "unreachable", "unreachable"]);
    fake.node("vault-1").healthy = false;
    fake.node("vault-2").healthy = false;
    expect(await upgradeOrder.read(context, { target: TARGET, node: "vault-1" })).toMatchObject({
      lost_names: ["vault-2"],
      voters: 3,
      healthy_voters: 1,
      quorum: 2,
      margin: -1,
    });
  });

  it("does not call a node lost that only we cannot reach", async () => {
    const { fake, context } = fakeOf(["active", "standby", "unreachable"]);
    fake.node("vault-2").healthy = true;
    expect(await upgradeOrder.read(context, { target: TARGET })).toMatchObject({ lost_names: [], settled: false });
  });

  it("counts without a leader what the nodes say themselves, and asks for no token", async () => {
    const { fake, context } = fakeOf(["standby", "sealed", "unreachable"]);
    expect(await upgradeOrder.read(context, { target: TARGET, node: "vault-1" })).toMatchObject({
      settled: false,
      waits_for: "no node leads, vault-1 is sealed, vault-2 is unreachable",
      leader: "",
      leader_done: false,
      lost_names: ["vault-2"],
      voters: 3,
      healthy_voters: 1,
    });
    expect(fake.calls.filter(({ reads, operates }) => reads !== undefined || operates !== undefined)).toEqual([]);
  });

  it("tells for how long autopilot has called all healthy by the leader's own clock, and nothing while one is not", async () => {
    const { fake, context } = fakeOf(["active", "standby", "standby"]);
    const stable = Date.UTC(2026, 10, 22) / 1000;
    const told = { nodes: context.cluster.nodes };
    const nodes = told.nodes.map((node) => ({
      ...node,
      health: async (options: Parameters<typeof node.health>[0]) => ({
        ...(await node.health(options)),
        serverTimeSeconds: stable + 90,
      }),
    }));
    const ahead = {
      ...context,
      cluster: { ...context.cluster, nodes, activeNode: async () => await Promise.resolve(nodes[0] ?? fail()) },
    };
    expect(await upgradeOrder.read(ahead, { target: TARGET })).toMatchObject({ stable_seconds: 90 });
    fake.node("vault-1").healthy = false;
    expect(await upgradeOrder.read(ahead, { target: TARGET })).toMatchObject({ stable_seconds: 0 });
  });

  it.each([
    { name: "a node that is not configured", input: { target: TARGET, node: "vault-9" }, reason: "not-found" },
    { name: "a target that is no version", input: { target: "latest" }, reason: "refused" },
  ])("refuses $name", async ({ input, reason }) => {
    const { context } = fakeOf(["active", "standby", "standby"]);
    expect(await settle(upgradeOrder.read(context, input))).toMatchObject({ reason });
  });
});

function fail(): never {
  throw new Error("there is no such node");
}
