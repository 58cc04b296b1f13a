import { describe, expect, it } from "@jest/globals";
import { raftPeers } from "../../../src/actions/vault/raft-peers.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

describe("vault.raft-peers", () => {
  it("counts voters and what is left without the node", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    fake.node("vault-2").healthy = false;
    expect(await raftPeers.read(contextOf(fake), { node: "vault-2" })).toEqual({
      leader: "vault-0",
      voters: 3,
      healthy_voters: 2,
      quorum: 2,
      margin: 0,
      voter_names: ["vault-0", "vault-1", "vault-2"],
      healthy_names: ["vault-0", "vault-1"],
      unhealthy_names: ["vault-2"],
      missing_names: [],
      unmatched_names: [],
      peer_known: true,
      peer_id: "raft-2",
      peer_address: "vault-2.example:8201",
      peer_is_leader: false,
      peer_voter: true,
      peer_healthy: false,
      peer_heard: false,
      peer_answers: false,
      voters_after_removal: 2,
      quorum_after_removal: 2,
      healthy_after_removal: 2,
    });
  });

  it("changes nothing when no node is given", async () => {
    const answer = await raftPeers.read(contextOf(createFakeCluster(["active", "standby", "standby"])), {});
    expect(answer).toMatchObject({ peer_known: false, peer_id: "", voters_after_removal: 3, healthy_after_removal: 3 });
  });

  it("does not know a node that raft does not list, and names it as missing", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    fake.node("vault-2").member = false;
    expect(await raftPeers.read(contextOf(fake), { node: "vault-2" })).toMatchObject({
      peer_known: false,
      voters: 2,
      missing_names: ["vault-2"],
    });
  });

  it("does not count a voter that autopilot still calls healthy but that does not answer", async () => {
    const fake = createFakeCluster(["active", "unreachable", "standby"]);
    fake.node("vault-1").healthy = true;
    expect(await raftPeers.read(contextOf(fake), {})).toMatchObject({
      healthy_voters: 2,
      unhealthy_names: ["vault-1"],
    });
  });

  it("does not count a voter of which autopilot never heard", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    fake.node("vault-1").healthy = undefined;
    expect(await raftPeers.read(contextOf(fake), {})).toMatchObject({ healthy_voters: 2 });
  });

  it("does not count a member that has no vote", async () => {
    const fake = createFakeCluster(["active", "standby", "standby", "standby"]);
    fake.node("vault-3").voter = false;
    expect(await raftPeers.read(contextOf(fake), { node: "vault-3" })).toMatchObject({
      voters: 3,
      peer_voter: false,
      voters_after_removal: 3,
    });
  });

  it("finds a member by its host when raft made up the ids", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    for (const { name } of fake.cluster.nodes) fake.node(name).configuredId = name;
    expect(await raftPeers.read(contextOf(fake), { node: "vault-2" })).toMatchObject({
      peer_known: true,
      peer_id: "raft-2",
      voter_names: ["vault-0", "vault-1", "vault-2"],
      healthy_voters: 2,
      unmatched_names: [],
    });
  });

  it("refuses to say of a node that cannot be matched that it is no member: an unknown id proves nothing", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    Object.assign(fake.node("vault-2"), { configuredId: "vault-2", apiHost: "10.0.0.2" });
    expect(await settle(raftPeers.read(contextOf(fake), { node: "vault-2" }))).toMatchObject({
      reason: "refused",
      message:
        'cannot match vault-2 to a member of raft on prod: raftNodeId is not configured, or "vault-2" is wrong; raft knows: ' +
        '"raft-0" at vault-0.example:8201, "raft-1" at vault-1.example:8201, "raft-2" at vault-2.example:8201; set clusters[].nodes[].raftNodeId',
    });
    expect(await raftPeers.read(contextOf(fake), { node: "vault-1" })).toMatchObject({
      peer_known: true,
      missing_names: [],
      unmatched_names: ["vault-2"],
    });
  });

  it("refuses to say anything when the active node itself matches no member", async () => {
    const fake = createFakeCluster(["active", "standby"]);
    for (const { name } of fake.cluster.nodes)
      Object.assign(fake.node(name), { configuredId: name, apiHost: "127.0.0.1" });
    expect(await settle(raftPeers.read(contextOf(fake), {}))).toMatchObject({
      reason: "refused",
      message: expect.stringContaining("cannot match vault-0 to a member"),
    });
  });

  it("refuses to say anything when another node is configured with the active node's id", async () => {
    const fake = createFakeCluster(["active", "standby"]);
    fake.node("vault-0").configuredId = "raft-9";
    fake.node("vault-1").configuredId = "raft-0";
    Object.assign(fake.node("vault-1"), { member: false });
    expect(await settle(raftPeers.read(contextOf(fake), { node: "vault-1" }))).toMatchObject({
      reason: "refused",
      message: expect.stringContaining(
        'cannot match vault-0 to a member of raft on prod: raftNodeId is not configured, or "raft-9" is wrong',
      ),
    });
  });

  it("fails without a leader", async () => {
    const fake = createFakeCluster(["standby", "standby", "unreachable"]);
    expect(await settle(raftPeers.read(contextOf(fake), {}))).toMatchObject({ reason: "no-leader" });
  });
});
