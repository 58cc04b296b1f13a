import { describe, expect, it } from "@jest/globals";
import { newMember } from "../../../src/actions/vault/new-member.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeNode } from "../fake-cluster.ts";

async function read(change: Partial<FakeNode>, known = "raft-0,raft-1") {
  const fake = createFakeCluster(["active", "standby", "standby"]);
  Object.assign(fake.node("vault-2"), change);
  return await newMember.read(contextOf(fake), { known });
}

describe("vault.new-member", () => {
  it("sees nobody while raft lists only those that were there", async () => {
    expect(await read({}, "raft-0, raft-1, raft-2")).toMatchObject({ joined: false, id: "", ready: false, members: 0 });
  });

  it.each([
    { name: "does not vote", change: { voter: false }, expected: { voter: false, healthy: true, caught_up: true } },
    { name: "is not healthy", change: { healthy: false }, expected: { voter: true, healthy: false } },
    { name: "is unknown to autopilot", change: { healthy: undefined }, expected: { healthy: false, caught_up: false } },
    { name: "is behind", change: { reportedIndex: 9_007_199_253_899 }, expected: { lag: 101, caught_up: false } },
  ])("is not ready while it $name", async ({ change, expected }) => {
    const answer = await read(change);
    expect(answer).toMatchObject({
      joined: true,
      id: "raft-2",
      address: "vault-2.example:8201",
      ready: false,
      ...expected,
    });
  });

  it("is ready when it votes, is healthy and has caught up", async () => {
    expect(await read({ reportedIndex: 9_007_199_253_900 })).toMatchObject({
      name: "vault-2",
      lag: 100,
      caught_up: true,
      ready: true,
      members: 1,
    });
  });

  it("speaks of the one that is least ready when several joined", async () => {
    expect(await read({ voter: false }, "raft-0")).toMatchObject({ id: "raft-2", ready: false, members: 2 });
  });
});
