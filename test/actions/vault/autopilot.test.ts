import { describe, expect, it } from "@jest/globals";
import { autopilot } from "../../../src/actions/vault/autopilot.ts";
import { raftConfiguration } from "../../../src/actions/vault/raft-configuration.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

describe("autopilot's judgement", () => {
  it("calls nodes by their configured names, and strangers by their raft ids", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    fake.node("vault-2").configuredId = "somebody-else";
    fake.node("vault-2").apiHost = "elsewhere.example";
    fake.node("vault-1").voter = false;

    expect(await autopilot.read(contextOf(fake), {})).toEqual({
      healthy: false,
      failure_tolerance: 0,
      leader: "vault-0",
      servers: 3,
      voters: 2,
      voter_names: ["vault-0", "raft-2"],
      non_voter_names: ["vault-1"],
      healthy_names: ["vault-0", "vault-1"],
      unhealthy_names: ["raft-2"],
    });
  });
});

describe("raft's configuration", () => {
  it("lists members in raft's order, by their names, dead ones too", async () => {
    const fake = createFakeCluster(["standby", "active", "unreachable"]);
    fake.node("vault-0").voter = false;

    expect(await raftConfiguration.read(contextOf(fake), {})).toEqual({
      members: 3,
      voters: 2,
      leader: "vault-1",
      voter_names: ["vault-1", "vault-2"],
      non_voter_names: ["vault-0"],
      ids: ["raft-0", "raft-1", "raft-2"],
      addresses: ["vault-0.example:8201", "vault-1.example:8201", "vault-2.example:8201"],
    });
  });
});
