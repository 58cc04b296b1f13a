import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster, type FakeState } from "../actions/fake-cluster.ts";
import { walkRunbook, type Walk } from "./walk.ts";

const FIRST = ["answers", "has_data", "member", "situation", "leader", "seal"];

describe("the runbook sealed-node", () => {
  it.each([
    { state: "unreachable", steps: ["answers"], result: "stopped", says: "does not answer at all" },
    { state: "frozen", steps: ["answers"], result: "stopped", says: "does not answer at all" },
    { state: "uninitialized", steps: ["answers", "has_data"], result: "stopped", says: "empty, not sealed" },
    { state: "removed", steps: ["answers", "has_data", "member"], result: "stopped", says: "Do not unseal it" },
    { state: "standby", steps: [...FIRST, "already"], result: "resolved", says: "is not sealed any more" },
  ] as const)("ends early when the node is $state", async ({ state, steps, result, says }) => {
    const walk = await walkSealed(createFakeCluster(["active", "standby", state]));
    expect(walk).toMatchObject({ steps, result, said: [expect.stringContaining(says)] });
  });

  it("counts key shares until the node is unsealed, checks that it caught up, and asks nobody for a share", async () => {
    const walk = await walkSealed(createFakeCluster(["active", "standby", "sealed"]), unseal);
    expect(walk).toEqual({
      steps: [...FIRST, "summary", "key_shares", "unsealed", "after", "election", "led", "listed", "caught_up", "done"],
      said: [
        "1 of 3 nodes sealed (vault-2), 0 unreachable. `vault-0` leads, so the cluster serves, but the next loss stops it: restart nothing.",
        expect.stringContaining("3 of the 5 holders of key shares each run the command below"),
        expect.stringContaining("`vault-2` is unsealed and has caught up. `vault-0` leads. 3 of 3 nodes are unsealed."),
      ],
      commands: ["bao operator unseal -address=https://vault-2.example:8200"],
      progress: ["1 of 3 key shares entered", "0 of 3 key shares entered"],
      result: "finished",
    });
  });

  it.each([
    { type: "awskms", says: "aws kms describe-key" },
    { type: "transit", says: "another Vault or OpenBao cluster" },
    { type: "shamir", says: "with a key from its key service, and" },
  ])("restarts nothing while the key service ($type) is away, and asks for the key", async ({ type, says }) => {
    const fake = createFakeCluster(["active", "standby", "sealed"]);
    Object.assign(fake.node("vault-2"), { sealType: type, recoverySeal: true });
    const walk = await walkSealed(fake, unseal);
    expect(walk.steps).toContain("key_service");
    expect(walk.steps).not.toContain("key_shares");
    expect(walk.said[1]).toContain(says);
    expect(walk.said[1]).toContain("Restart, drain, evict or upgrade no node that is still unsealed");
    expect(walk).toMatchObject({ progress: ["still sealed", "unsealed"], result: "finished" });
  });

  it("stops without a green end when the first of three is unsealed, and says which are next", async () => {
    const walk = await walkSealed(createFakeCluster(["sealed", "sealed", "sealed"]), unseal);
    expect(walk).toMatchObject({ result: "stopped" });
    expect(walk.steps.slice(-2)).toEqual(["after", "led"]);
    expect(walk.said[0]).toContain(
      "No node leads, so the cluster serves nothing. 2 nodes must be unsealed, and 0 are.",
    );
    expect(walk.said.at(-1)).toContain("1 of 3 nodes are unsealed, 2 are needed. Still sealed: vault-0, vault-1.");
  });

  it("stops after its wait when enough nodes are unsealed and yet none is elected", async () => {
    const walk = await walkSealed(createFakeCluster(["standby", "standby", "sealed"]), unseal);
    expect(walk).toMatchObject({ result: "stopped" });
    expect(walk.steps.slice(-2)).toEqual(["election", "led"]);
    expect(walk.said[0]).toContain("Enough nodes are unsealed for an election");
    expect(walk.said.at(-1)).toContain("the network on the cluster port (8201), the clock, and the disk");
  });

  const leaderless: readonly { name: string; states: readonly FakeState[]; says: string; not: string }[] = [
    {
      name: "enough nodes are unsealed for an election",
      states: ["unreachable", "standby", "standby"],
      says: "2 of 3 nodes are unsealed, which is enough for an election",
      not: "data directory",
    },
    {
      name: "too few nodes are unsealed",
      states: ["unreachable", "sealed", "standby"],
      says: "Only 1 of 3 nodes are unsealed, and 2 are needed. Sealed: vault-1; start this runbook for each. Bring the other nodes back with the same address and the same data",
      not: "8201",
    },
  ];

  it.each(leaderless)(
    "does not call it resolved that the node is unsealed when nobody leads and $name",
    async (each) => {
      const walk = await walkSealed(createFakeCluster(each.states));
      expect(walk).toMatchObject({ steps: [...FIRST, "leaderless"], result: "stopped" });
      expect(walk.said[0]).toContain(each.says);
      expect(walk.said[0]).not.toContain(each.not);
      expect(walk.said[0]).toMatch(/Wipe nothing, and remove or initialise no node[.]$/u);
    },
  );

  it("finds out that an unsealed node is no member any more, which OpenBao's nodes do not say themselves", async () => {
    const fake = createFakeCluster(["active", "standby", "sealed"]);
    fake.node("vault-2").member = false;
    const walk = await walkSealed(fake, unseal);
    expect(walk).toMatchObject({ result: "stopped" });
    expect(walk.said.at(-1)).toContain("every member that raft lists is another configured node (vault-0, vault-1)");
  });

  it("does not call the node done while it lags", async () => {
    const walk = await walkSealed(createFakeCluster(["active", "standby", "sealed"]), (step, fake) => {
      unseal(step, fake);
      fake.node("vault-2").index = 0;
    });
    expect(walk).toMatchObject({ result: "failed: timeout" });
    expect(walk.steps.at(-1)).toBe("caught_up");
  });

  it("matches a member by its host when raft has made up the ids, as HashiCorp's chart lets it", async () => {
    const fake = withMadeUpIds(createFakeCluster(["active", "standby", "sealed"]));
    const walk = await walkSealed(fake, unseal);
    expect(walk).toMatchObject({ result: "finished" });
    expect(walk.said.at(-1)).toContain("`vault-2` is unsealed and has caught up.");
  });

  const unverified: readonly { name: string; fake: () => FakeCluster }[] = [
    { name: "the token may not read raft", fake: () => createFakeCluster(["denied", "standby", "sealed"]) },
    {
      name: "no node can be matched to a member",
      fake: () => withMadeUpIds(createFakeCluster(["active", "standby", "sealed"]), "127.0.0.1"),
    },
    {
      name: "this node alone cannot be matched to a member",
      fake: () => {
        const fake = createFakeCluster(["active", "standby", "sealed"]);
        Object.assign(fake.node("vault-2"), { configuredId: "vault-2", apiHost: "10.0.0.2" });
        return fake;
      },
    },
  ];

  it.each(unverified)(
    "says what it could not verify, and never that anything be wiped, when $name",
    async ({ fake }) => {
      const walk = await walkSealed(fake(), unseal);
      expect(walk).toMatchObject({ result: "finished" });
      expect(walk.steps.slice(-2)).toEqual(["listed", "done"]);
      expect(walk.said.at(-1)).toContain(
        'Whether it has caught up was not verified: the step "Does raft list it?" could not tell, and says why.',
      );
      expect(walk.said.at(-1)).toContain("`clusters[].token`");
      expect(walk.said.join(" ")).not.toMatch(/wipe|removed/iu);
    },
  );
});

function unseal(_step: string, fake: FakeCluster): void {
  const node = fake.node("vault-2");
  node.state = "standby";
  node.healthy = true;
}

function withMadeUpIds(fake: FakeCluster, apiHost?: string): FakeCluster {
  for (const { name } of fake.cluster.nodes) {
    Object.assign(fake.node(name), { configuredId: name, ...(apiHost === undefined ? {} : { apiHost }) });
  }
  return fake;
}

async function walkSealed(fake: FakeCluster, work?: (step: string, fake: FakeCluster) => void): Promise<Walk> {
  const inputs = { cluster: "prod", node: "vault-2" };
  return await walkRunbook({ runbook: "sealed-node", fake, inputs, ...(work === undefined ? {} : { work }) });
}
