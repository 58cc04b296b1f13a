import { describe, expect, it } from "@jest/globals";
import type { Precondition } from "../../../src/actions/action.ts";
import { raftRemovePeer } from "../../../src/actions/vault/raft-remove-peer.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeCluster, type FakeState } from "../fake-cluster.ts";

const INPUT = { node: "vault-2" };
const LOST: readonly FakeState[] = ["active", "standby", "unreachable"];

describe("the preconditions of vault.raft-remove-peer", () => {
  it("all hold for a dead voter of three, with the arithmetic in words", async () => {
    const held = await preconditions(createFakeCluster(LOST));
    expect(held.map(({ name, ok, value }) => ({ name, ok, value }))).toEqual([
      { name: "identity", ok: true, value: "c1a1" },
      { name: "leader", ok: true, value: "vault-0" },
      { name: "member", ok: true, value: { id: "raft-2", address: "vault-2.example:8201", voter: true } },
      { name: "not-leader", ok: true, value: false },
      { name: "unhealthy", ok: true, value: false },
      { name: "unheard", ok: true, value: false },
      { name: "silent", ok: true, value: "unreachable" },
      { name: "quorum", ok: true, value: { voters: 3, healthy: 2, voters_after: 2, healthy_after: 2 } },
      { name: "remaining", ok: true, value: ["vault-0", "vault-1"] },
      { name: "permitted", ok: true, value: "permitted" },
    ]);
    expect(held.find(({ name }) => name === "quorum")?.text).toBe(
      "3 voters, 2 healthy; without vault-2 2 voters, 2 healthy, 2 needed",
    );
  });

  it.each([
    { name: "uninitialised: it lost its data", state: "uninitialized" },
    { name: "removed by its own word", state: "removed" },
    { name: "frozen", state: "frozen" },
  ] as const)("hold for a node that is $name", async ({ state }) => {
    expect(await broken(createFakeCluster(["active", "standby", state]))).toEqual([]);
  });

  it("hold for a dead node of which autopilot never heard since the leader began", async () => {
    const fake = createFakeCluster(LOST);
    fake.node("vault-2").healthy = undefined;
    expect(await broken(fake)).toEqual([]);
  });

  it("hold for a dead member without a vote, and leave the counts as they are", async () => {
    const fake = createFakeCluster(["active", "unreachable", "unreachable"]);
    fake.node("vault-1").voter = false;
    fake.node("vault-2").voter = false;
    const quorum = (await preconditions(fake)).find(({ name }) => name === "quorum");
    expect(quorum).toMatchObject({ ok: true, value: { voters: 1, healthy: 1, voters_after: 1, healthy_after: 1 } });
  });

  const refusals: readonly { name: string; fake: () => FakeCluster; breaks: string[] }[] = [
    {
      name: "the target leads",
      fake: () => createFakeCluster(["standby", "standby", "active"]),
      breaks: ["not-leader", "unhealthy", "unheard", "silent"],
    },
    {
      name: "the target is healthy",
      fake: () => createFakeCluster(["active", "standby", "standby"]),
      breaks: ["unhealthy", "unheard", "silent"],
    },
    {
      name: "the target only seems dead to us: autopilot calls it healthy",
      fake: () => withTarget(LOST, { healthy: true }),
      breaks: ["unhealthy"],
    },
    {
      name: "the target answers although autopilot calls it unhealthy",
      fake: () => withTarget(["active", "standby", "standby"], { healthy: false, silentMs: 60_000 }),
      breaks: ["silent"],
    },
    {
      name: "a new leader calls the target unhealthy because it has not listened long enough",
      fake: () => withTarget(LOST, { silentMs: 700 }),
      breaks: ["unheard"],
    },
    {
      name: "the target is sealed",
      fake: () => createFakeCluster(["active", "standby", "sealed"]),
      breaks: ["silent"],
    },
    {
      name: "something else answers at the target's address",
      fake: () => createFakeCluster(["active", "standby", "garbage"]),
      breaks: ["silent"],
    },
    {
      name: "two of the four voters that remain are dead too",
      fake: () => createFakeCluster(["active", "unreachable", "unreachable", "unreachable", "standby"]),
      breaks: ["quorum"],
    },
    {
      name: "the other voter is sealed, though autopilot has not noticed",
      fake: () => {
        const fake = createFakeCluster(["active", "sealed", "unreachable"]);
        fake.node("vault-1").healthy = true;
        return fake;
      },
      breaks: ["quorum"],
    },
    {
      name: "raft does not know the target",
      fake: () => withTarget(LOST, { member: false }),
      breaks: ["member"],
    },
    {
      name: "another node is configured with the same raft id",
      fake: () => {
        const fake = createFakeCluster(LOST);
        return { ...fake, cluster: { ...fake.cluster, nodes: [...fake.cluster.nodes, fake.cluster.node("vault-2")] } };
      },
      breaks: ["member"],
    },
    {
      name: "nobody ever knew which cluster it is",
      fake: () => Object.assign(createFakeCluster(LOST), { identity: undefined }),
      breaks: ["identity"],
    },
    {
      name: "nobody leads",
      fake: () => createFakeCluster(["standby", "standby", "unreachable"]),
      breaks: ["leader"],
    },
  ];

  it.each(refusals)("do not hold when $name", async ({ fake, breaks }) => {
    expect(await broken(fake())).toEqual(breaks);
  });

  const tokens: readonly { name: string; operate: FakeCluster["operate"]; ok: boolean; value: string; says: string }[] =
    [
      { name: "is root", operate: ["root"], ok: true, value: "permitted", says: "may do it" },
      { name: "has more", operate: ["read", "update"], ok: true, value: "permitted", says: "may do it" },
      {
        name: "may only read",
        operate: ["read", "sudo"],
        ok: false,
        value: "missing",
        says: 'add to its policy: path "sys/storage/raft/remove-peer" { capabilities = ["update"] }',
      },
      { name: "may nothing", operate: ["deny"], ok: false, value: "missing", says: "may not do it" },
      {
        name: "may not ask about itself",
        operate: "unknown",
        ok: true,
        value: "unchecked",
        says: "could not be checked",
      },
      { name: "expired", operate: "invalid", ok: false, value: "invalid", says: "it expired or was revoked" },
    ];

  it.each(tokens)(
    "tell before anybody approves that the token for actions $name",
    async ({ operate, says, ...fact }) => {
      const held = await preconditions(Object.assign(createFakeCluster(LOST), { operate }));
      expect(held.find(({ name }) => name === "permitted")).toEqual({
        name: "permitted",
        ok: fact.ok,
        value: fact.value,
        text: expect.stringContaining(says),
      });
    },
  );

  it("hold for a member that only its host tells, with the id that raft made up", async () => {
    const fake = madeUpIds(createFakeCluster(LOST));
    expect(await broken(fake)).toEqual([]);
    expect((await preconditions(fake)).find(({ name }) => name === "member")?.value).toMatchObject({ id: "raft-2" });
  });

  it("fail when the target cannot be matched, and do not call it removed", async () => {
    const fake = withTarget(LOST, { configuredId: "vault-2", apiHost: "10.0.0.2" });
    expect(await settle(preconditions(fake))).toMatchObject({ reason: "refused" });
  });

  it("fail when the addresses lead to another cluster", async () => {
    const fake = Object.assign(createFakeCluster(LOST), { identity: "wrong-cluster" as const });
    expect(await settle(preconditions(fake))).toMatchObject({ reason: "wrong-cluster" });
  });

  it("fail when the token may not read", async () => {
    const fake = createFakeCluster(["denied", "standby", "unreachable"]);
    expect(await settle(preconditions(fake))).toMatchObject({ reason: "denied" });
  });
});

describe("performing vault.raft-remove-peer", () => {
  it("removes the raft id, not the name, by the active node", async () => {
    const fake = createFakeCluster(["standby", "active", "unreachable"]);
    expect(await raftRemovePeer.perform(contextOf(fake), INPUT)).toEqual({ removed_id: "raft-2" });
    expect(fake.calls.filter(({ method }) => method === "removeRaftPeer")).toMatchObject([{ node: "vault-1" }]);
    expect(fake.node("vault-2").member).toBe(false);
  });

  it.each([
    { name: "the target leads by now", states: ["standby", "standby", "active"], reason: "refused" },
    { name: "nobody leads", states: ["standby", "standby", "unreachable"], reason: "no-leader" },
  ] as const)("calls nothing when $name", async ({ states, reason }) => {
    await refusesToCall(createFakeCluster(states), reason);
  });

  it("removes the id that raft made up, found by the host", async () => {
    expect(await raftRemovePeer.perform(contextOf(madeUpIds(createFakeCluster(LOST))), INPUT)).toEqual({
      removed_id: "raft-2",
    });
  });

  it("calls nothing when the target cannot be matched", async () => {
    await refusesToCall(withTarget(LOST, { configuredId: "vault-2", apiHost: "10.0.0.2" }), "refused");
  });

  it("calls nothing when somebody else removed it: the server would answer that well", async () => {
    await refusesToCall(withTarget(LOST, { member: false }), "not-found");
  });

  it("calls nothing when the addresses lead to another cluster", async () => {
    const fake = Object.assign(createFakeCluster(LOST), { identity: "wrong-cluster" as const });
    await refusesToCall(fake, "wrong-cluster");
  });
});

describe("probing vault.raft-remove-peer", () => {
  it("finds it done once the id is gone", async () => {
    const fake = createFakeCluster(LOST);
    await raftRemovePeer.perform(contextOf(fake), INPUT);
    expect(await probe(fake)).toEqual({
      verdict: "done",
      evidence: `raft's configuration on vault-0 does not list vault-2: only "raft-0", "raft-1"`,
    });
  });

  it("finds it not done while the id is there, although the call was answered well", async () => {
    const fake = Object.assign(createFakeCluster(LOST), { lies: true });
    await raftRemovePeer.perform(contextOf(fake), INPUT);
    expect(await probe(fake)).toEqual({
      verdict: "not-done",
      evidence: `raft's configuration on vault-0 still lists "raft-2"`,
    });
  });

  it.each([
    { name: "nobody leads", states: ["standby", "standby", "unreachable"] },
    { name: "nobody answers", states: ["unreachable", "frozen", "unreachable"] },
    { name: "the token may not read", states: ["denied", "standby", "unreachable"] },
    { name: "answers are not Vault's", states: ["garbage", "garbage", "garbage"] },
  ] as const)("cannot tell when $name, and says why", async ({ states }) => {
    expect(await probe(createFakeCluster(states))).toEqual({
      verdict: "unknown",
      evidence: expect.stringContaining("cannot call"),
    });
  });

  it("sees by the host that an id which raft made up is there, and is gone", async () => {
    const fake = madeUpIds(createFakeCluster(LOST));
    expect(await probe(fake)).toMatchObject({ verdict: "not-done" });
    fake.node("vault-2").member = false;
    expect(await probe(fake)).toMatchObject({ verdict: "done" });
  });

  it("cannot tell of a target that cannot be matched: its id is missing because nobody configured it", async () => {
    const fake = withTarget(LOST, { configuredId: "vault-2", apiHost: "10.0.0.2" });
    expect(await probe(fake)).toEqual({
      verdict: "unknown",
      evidence: expect.stringContaining("cannot match vault-2"),
    });
  });

  it("cannot tell from another cluster, whose configuration does not list the id either", async () => {
    const fake = Object.assign(withTarget(LOST, { member: false }), { identity: "wrong-cluster" as const });
    expect(await probe(fake)).toMatchObject({ verdict: "unknown" });
  });
});

async function preconditions(fake: FakeCluster): Promise<readonly Precondition[]> {
  return await raftRemovePeer.preconditions(contextOf(fake), INPUT);
}

async function broken(fake: FakeCluster): Promise<string[]> {
  return (await preconditions(fake)).filter(({ ok }) => !ok).map(({ name }) => name);
}

async function probe(fake: FakeCluster) {
  return await raftRemovePeer.probe(contextOf(fake), INPUT, { at: 0 });
}

async function refusesToCall(fake: FakeCluster, reason: string): Promise<void> {
  expect(await settle(raftRemovePeer.perform(contextOf(fake), INPUT))).toMatchObject({ reason });
  expect(fake.calls.filter(({ method }) => method === "removeRaftPeer")).toEqual([]);
}

function withTarget(
  states: readonly FakeState[],
  change: { healthy?: boolean; member?: boolean; silentMs?: number; configuredId?: string; apiHost?: string },
): FakeCluster {
  const fake = createFakeCluster(states);
  Object.assign(fake.node("vault-2"), change);
  return fake;
}

function madeUpIds(fake: FakeCluster): FakeCluster {
  for (const { name } of fake.cluster.nodes) fake.node(name).configuredId = name;
  return fake;
}
