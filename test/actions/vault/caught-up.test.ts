import { describe, expect, it } from "@jest/globals";
import { caughtUp } from "../../../src/actions/vault/caught-up.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

const LEADER_INDEX = 9_007_199_254_000_000;

describe("vault.caught-up", () => {
  it.each([
    { name: "level", index: LEADER_INDEX, lag: 0, caught_up: true },
    {
      name: "one entry behind, exact far beyond what a float32 holds",
      index: LEADER_INDEX - 1,
      lag: 1,
      caught_up: true,
    },
    { name: "at the limit", index: LEADER_INDEX - 100, lag: 100, caught_up: true },
    { name: "beyond the limit", index: LEADER_INDEX - 101, lag: 101, caught_up: false },
    { name: "read later than the leader", index: LEADER_INDEX + 5, lag: 0, caught_up: true },
  ])("measures a node that is $name", async ({ index, lag, caught_up }) => {
    const fake = createFakeCluster(["active", "standby"]);
    fake.node("vault-0").index = LEADER_INDEX;
    fake.node("vault-1").index = index;
    expect(await caughtUp.read(contextOf(fake), { node: "vault-1" })).toEqual({
      known: true,
      index,
      leader_index: LEADER_INDEX,
      lag,
      caught_up,
      healthy: true,
    });
  });

  it("does not call a node caught up that autopilot does not know yet", async () => {
    const fake = createFakeCluster(["active", "standby"]);
    fake.node("vault-1").healthy = undefined;
    expect(await caughtUp.read(contextOf(fake), { node: "vault-1" })).toMatchObject({ known: false, caught_up: false });
  });

  it("knows a node by its host when raft made up the ids", async () => {
    const fake = createFakeCluster(["active", "standby"]);
    for (const { name } of fake.cluster.nodes) fake.node(name).configuredId = name;
    expect(await caughtUp.read(contextOf(fake), { node: "vault-1" })).toMatchObject({ known: true, caught_up: true });
  });

  it("believes the node about its index, not autopilot, which is behind", async () => {
    const fake = createFakeCluster(["active", "standby"]);
    fake.node("vault-0").index = LEADER_INDEX;
    fake.node("vault-1").index = LEADER_INDEX - 5000;
    fake.node("vault-1").reportedIndex = LEADER_INDEX;
    expect(await caughtUp.read(contextOf(fake), { node: "vault-1" })).toMatchObject({
      caught_up: false,
      healthy: true,
    });
  });

  it("fails on a sealed node, which autopilot still calls healthy for a while", async () => {
    const fake = createFakeCluster(["active", "sealed"]);
    fake.node("vault-1").healthy = true;
    expect(await settle(caughtUp.read(contextOf(fake), { node: "vault-1" }))).toMatchObject({ reason: "sealed" });
  });
});
