import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster, type FakeState } from "../actions/fake-cluster.ts";
import { walkRunbook, type Walk } from "./walk.ts";

const FIRST = ["answers", "has_data", "member", "seal"];

describe("the runbook sealed-node", () => {
  it.each([
    { state: "unreachable", steps: ["answers"], result: "stopped", says: "does not answer at all" },
    { state: "frozen", steps: ["answers"], result: "stopped", says: "does not answer at all" },
    { state: "uninitialized", steps: ["answers", "has_data"], result: "stopped", says: "empty, not sealed" },
    { state: "removed", steps: ["answers", "has_data", "member"], result: "stopped", says: "Do not unseal it" },
    { state: "standby", steps: FIRST, result: "resolved", says: "is not sealed any more" },
  ] as const)("ends early when the node is $state", async ({ state, steps, result, says }) => {
    const walk = await walkSealed(createFakeCluster(["active", "standby", state]));
    expect(walk).toMatchObject({ steps, result, said: [expect.stringContaining(says)] });
  });

  it("counts key shares until the node is unsealed, checks that it caught up, and asks nobody for a share", async () => {
    const walk = await walkSealed(createFakeCluster(["active", "standby", "sealed"]), unseal);
    expect(walk).toEqual({
      steps: [
        ...FIRST,
        "situation",
        "summary",
        "key_shares",
        "unsealed",
        "leader",
        "listed",
        "caught_up",
        "after",
        "done",
      ],
      said: [
        "1 of 3 nodes sealed (vault-2), 0 unreachable. The cluster serves, but the next loss stops it: restart nothing.",
        expect.stringContaining("3 of the 5 holders of key shares each run the command below"),
        expect.stringContaining("`vault-2` is unsealed and has caught up. 3 of 3 nodes are unsealed."),
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

  it("says that nobody leads, and goes on without comparing, when the first of three is unsealed", async () => {
    const walk = await walkSealed(createFakeCluster(["sealed", "sealed", "sealed"]), unseal);
    expect(walk.steps.slice(-4)).toEqual(["leader", "no_leader", "after", "done"]);
    expect(walk.said[0]).toContain("There is no majority, so the cluster serves nothing: 2 nodes must be unsealed.");
    expect(walk.said.at(-1)).toContain("Still sealed: vault-0, vault-1. Start this runbook for the next.");
  });

  it("finds out that an unsealed node is no member any more, which OpenBao's nodes do not say themselves", async () => {
    const fake = createFakeCluster(["active", "standby", "sealed"]);
    fake.node("vault-2").member = false;
    const walk = await walkSealed(fake, unseal);
    expect(walk).toMatchObject({ result: "stopped" });
    expect(walk.said.at(-1)).toContain("raft does not list it");
  });

  it("does not call the node done while it lags", async () => {
    const walk = await walkSealed(createFakeCluster(["active", "standby", "sealed"]), (step, fake) => {
      unseal(step, fake);
      fake.node("vault-2").index = 0;
    });
    expect(walk).toMatchObject({ result: "failed: timeout" });
    expect(walk.steps.at(-1)).toBe("caught_up");
  });

  it("asks people what to do when the token may not tell whether it caught up", async () => {
    const states: readonly FakeState[] = ["denied", "standby", "sealed"];
    const walk = await walkSealed(createFakeCluster(states), unseal);
    expect(walk).toMatchObject({ result: "failed: denied" });
    expect(walk.steps.slice(-2)).toEqual(["listed", "caught_up"]);
  });
});

function unseal(_step: string, fake: FakeCluster): void {
  const node = fake.node("vault-2");
  node.state = "standby";
  node.healthy = true;
}

async function walkSealed(fake: FakeCluster, work?: (step: string, fake: FakeCluster) => void): Promise<Walk> {
  const inputs = { cluster: "prod", node: "vault-2" };
  return await walkRunbook({ runbook: "sealed-node", fake, inputs, ...(work === undefined ? {} : { work }) });
}
