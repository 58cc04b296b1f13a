import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster, type FakeState } from "../fake-cluster.ts";
import { askAction, changed } from "./ask-action.ts";

const sealNode = askAction("vault.seal-node", { node: "vault-2" });
const sealCluster = askAction("vault.seal-cluster", { cluster: "prod" });
const fakeOf = (...states: readonly FakeState[]): FakeCluster => createFakeCluster(states);
const asVault = (fake: FakeCluster): FakeCluster => Object.assign(fake, { product: "vault" as const });

describe("vault.seal-node", () => {
  const left: readonly { name: string; fake: () => FakeCluster; says: string; serves: boolean }[] = [
    {
      name: "the others go on",
      fake: () => fakeOf("active", "standby", "standby"),
      says: "3 voters, 3 healthy; without vault-2 2 healthy, 2 needed: the others go on serving every secret",
      serves: true,
    },
    {
      name: "it was one of the last two",
      fake: () => fakeOf("active", "sealed", "standby"),
      says: "3 voters, 2 healthy; without vault-2 1 healthy, 2 needed: THE CLUSTER STOPS SERVING",
      serves: false,
    },
    {
      name: "it has no vote",
      fake: () => changed(fakeOf("active", "standby", "standby"), (fake) => void (fake.node("vault-2").voter = false)),
      says: "2 voters, 2 healthy; without vault-2 2 healthy, 2 needed: the others go on",
      serves: true,
    },
  ];

  it.each(left)(
    "says beforehand what is left when $name, and forbids nothing for it",
    async ({ fake, says, serves }) => {
      expect(await sealNode.fact(fake(), "left")).toMatchObject({
        ok: true,
        value: { serves_after: serves },
        text: expect.stringContaining(says),
      });
      expect(await sealNode.broken(fake())).toEqual([]);
    },
  );

  it.each([
    { name: "it is sealed already", fake: () => fakeOf("active", "standby", "sealed"), breaks: ["open"] },
    { name: "it does not answer", fake: () => fakeOf("active", "standby", "unreachable"), breaks: ["open"] },
    { name: "nobody leads", fake: () => fakeOf("standby", "standby", "standby"), breaks: ["leader"] },
    {
      name: "it is a standby of Vault",
      fake: () => asVault(fakeOf("active", "standby", "standby")),
      breaks: ["accepts"],
    },
  ])("is refused when $name", async ({ fake, breaks }) => {
    expect(await sealNode.broken(fake())).toEqual(breaks);
  });

  it("seals the leader of Vault, and calls nothing for a standby", async () => {
    const leader = asVault(fakeOf("standby", "standby", "active"));
    expect(await sealNode.broken(leader)).toEqual([]);
    await sealNode.perform(leader);
    expect(await sealNode.probe(leader)).toMatchObject({ verdict: "done" });
    const standby = asVault(fakeOf("active", "standby", "standby"));
    await expect(sealNode.perform(standby)).rejects.toMatchObject({ reason: "refused" });
    expect(standby.changes).toEqual([]);
  });

  it("calls the node itself and is believed by the node's own word alone", async () => {
    const fake = fakeOf("active", "standby", "standby");
    fake.lies = true;
    await sealNode.perform(fake);
    expect(fake.changes).toEqual([{ node: "vault-2", change: "seal", given: [] }]);
    expect(await sealNode.probe(fake)).toEqual({ verdict: "not-done", evidence: "vault-2 says that it is unsealed" });
    fake.lies = false;
    await sealNode.perform(fake);
    expect(await sealNode.probe(fake)).toMatchObject({ verdict: "done" });
    fake.node("vault-2").state = "unreachable";
    expect(await sealNode.probe(fake)).toMatchObject({ verdict: "unknown" });
  });

  it("says of a seal that unseals itself what may have opened it again", async () => {
    const fake = changed(fakeOf("active", "standby", "standby"), (it) => void (it.node("vault-2").sealType = "awskms"));
    fake.node("vault-0").sealType = "awskms";
    expect((await sealNode.fact(fake, "unseal")).text).toContain("a restart of the process unseals it again");
    expect((await sealNode.probe(fake)).evidence).toContain("a restart may have unsealed it again");
  });
});

describe("the preconditions of vault.seal-cluster", () => {
  it("all hold on a healthy cluster, with every node named", async () => {
    const fake = fakeOf("active", "standby", "standby");
    expect((await sealCluster.facts(fake)).map(({ name, ok, value }) => ({ name, ok, value }))).toEqual([
      { name: "cluster", ok: true, value: "prod" },
      { name: "identity", ok: true, value: "c1a1" },
      { name: "leader", ok: true, value: "vault-0" },
      { name: "nodes", ok: true, value: { "vault-0": "unsealed", "vault-1": "unsealed", "vault-2": "unsealed" } },
      { name: "stops", ok: true, value: { voters: 3, needed: 2, beyond_reach: [] } },
      { name: "unseal", ok: true, value: { type: "shamir", threshold: 3, shares: 5 } },
      { name: "permitted", ok: true, value: expect.anything() },
    ]);
  });

  it("hold with a node beyond reach, and say so", async () => {
    const fact = await sealCluster.fact(fakeOf("active", "standby", "unreachable"), "stops");
    expect(fact).toMatchObject({ ok: true, text: expect.stringContaining("not to be sealed from here: vault-2") });
  });

  it("do not hold when those beyond reach are a quorum by themselves", async () => {
    const fake = fakeOf("active", "standby", "standby", "unreachable", "frozen");
    const more = fakeOf("active", "standby", "standby", "unreachable", "frozen", "unreachable", "limited");
    expect(await sealCluster.broken(fake)).toEqual([]);
    expect(await sealCluster.broken(more)).toEqual(["stops"]);
  });

  it("do not hold for a member that is not configured and makes a quorum with others", async () => {
    const fake = fakeOf("active", "standby", "unreachable");
    const cluster = { ...fake.cluster, nodes: fake.cluster.nodes.filter(({ name }) => name !== "vault-1") };
    expect(await sealCluster.broken({ ...fake, cluster })).toEqual(["stops"]);
  });

  it("do not hold when the step names another cluster", async () => {
    const other = askAction("vault.seal-cluster", { cluster: "staging" });
    const fake = fakeOf("active", "standby", "standby");
    expect(await other.broken(fake)).toEqual(["cluster"]);
    await expect(other.perform(fake)).rejects.toMatchObject({ reason: "refused" });
    expect(fake.changes).toEqual([]);
  });

  it("say on Vault who stays unsealed", async () => {
    const fact = await sealCluster.fact(asVault(fakeOf("active", "standby", "standby")), "stops");
    expect(fact.text).toContain("up to 1 stay unsealed without a leader, so stop their processes");
  });
});

describe("performing vault.seal-cluster", () => {
  it("seals the standbys first and the leader last", async () => {
    const fake = fakeOf("standby", "active", "standby");
    await sealCluster.perform(fake);
    expect(fake.changes.map(({ node }) => node)).toEqual(["vault-0", "vault-2", "vault-1"]);
    expect(await sealCluster.probe(fake)).toMatchObject({ verdict: "done" });
  });

  it("goes on past a node that does not answer, and names it", async () => {
    const fake = fakeOf("active", "unreachable", "standby");
    expect(await sealCluster.perform(fake)).toMatchObject({
      nodes: [
        { node: "vault-1", result: "not-sealed", why: expect.stringContaining("cannot call vault-1") },
        { node: "vault-2", result: "sealed" },
        { node: "vault-0", result: "sealed" },
      ],
      not_sealed: ["vault-1"],
    });
  });

  it("leaves alone what is sealed", async () => {
    const fake = fakeOf("active", "sealed", "standby");
    expect(await sealCluster.perform(fake)).toMatchObject({
      nodes: [{ node: "vault-1", result: "was-sealed" }, {}, {}],
    });
    expect(fake.changes.map(({ node }) => node)).toEqual(["vault-2", "vault-0"]);
  });

  it("fails when nothing was sealed, with the server's refusal", async () => {
    await expect(sealCluster.perform(fakeOf("denied", "unreachable", "unreachable"))).rejects.toMatchObject({
      reason: "denied",
    });
  });

  it("seals one leader after the other on Vault, until no quorum is left", async () => {
    const fake = asVault(fakeOf("active", "standby", "standby", "standby", "standby"));
    const output = await sealCluster.perform(fake);
    expect(fake.changes.map(({ node }) => node)).toEqual(["vault-0", "vault-1", "vault-2"]);
    expect(output).toMatchObject({ not_sealed: ["vault-3", "vault-4"] });
    expect(await sealCluster.probe(fake)).toEqual({
      verdict: "unknown",
      evidence: expect.stringContaining("nobody leads, and Vault seals active nodes only: stop the processes"),
    });
  });
});

describe("probing vault.seal-cluster", () => {
  const words: readonly { name: string; fake: FakeCluster; verdict: string; evidence: string }[] = [
    {
      name: "every node is sealed",
      fake: fakeOf("sealed", "sealed", "sealed"),
      verdict: "done",
      evidence: "vault-0 is sealed, vault-1 is sealed, vault-2 is sealed",
    },
    {
      name: "a standby is unsealed",
      fake: fakeOf("sealed", "sealed", "standby"),
      verdict: "not-done",
      evidence: "vault-2 is unsealed",
    },
    {
      name: "all are unsealed",
      fake: fakeOf("active", "standby", "standby"),
      verdict: "not-done",
      evidence: "vault-0 is unsealed",
    },
    {
      name: "a node does not answer",
      fake: fakeOf("sealed", "sealed", "unreachable"),
      verdict: "unknown",
      evidence: "vault-2 does not answer",
    },
    {
      name: "a proxy answers for a node",
      fake: fakeOf("sealed", "sealed", "garbage"),
      verdict: "unknown",
      evidence: "vault-2 does not answer",
    },
    {
      name: "a node is silent and another unsealed",
      fake: fakeOf("active", "sealed", "frozen"),
      verdict: "not-done",
      evidence: "vault-0 is unsealed, vault-1 is sealed, vault-2 does not answer",
    },
    {
      name: "a quorum of Vault is unsealed without a leader",
      fake: asVault(fakeOf("sealed", "standby", "standby")),
      verdict: "not-done",
      evidence: "vault-1 is unsealed",
    },
    {
      name: "the addresses lead elsewhere",
      fake: Object.assign(fakeOf("sealed", "sealed", "sealed"), { identity: "wrong-cluster" as const }),
      verdict: "unknown",
      evidence: "wrong-cluster",
    },
  ];

  it.each(words)("gives $verdict when $name", async ({ fake, verdict, evidence }) => {
    expect(await sealCluster.probe(fake)).toEqual({ verdict, evidence: expect.stringContaining(evidence) });
  });
});
