import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster, type FakeState } from "../actions/fake-cluster.ts";
import { walkRunbook, type Walk } from "./walk.ts";

describe("the runbook lost-peer", () => {
  it("removes a dead node after a human's word, and says what comes next", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    const walk = await walkLost(fake);
    expect(walk).toMatchObject({
      steps: [
        "situation",
        "leader",
        "silent",
        "member",
        "quiet",
        "safe",
        "arithmetic",
        "gone",
        "remove",
        "removed",
        "next",
      ],
      result: "finished",
    });
    expect(walk.said[0]).toBe(
      "`vault-2` is raft member `raft-2` at vault-2.example:8201. Now 3 voters, 2 healthy, 2 needed. " +
        "Without it 2 voters, 2 healthy, 2 needed. `vault-0` leads.",
    );
    expect(walk.said.at(-1)).toContain("`vault-2` is removed. 2 of 2 voters are healthy, 2 are needed.");
    expect(fake.node("vault-2").member).toBe(false);
  });

  const stops: readonly { name: string; states: readonly FakeState[]; steps: number; says: string }[] = [
    {
      name: "nobody leads: never a survivor's data",
      states: ["standby", "sealed", "unreachable"],
      steps: 2,
      says: "no surviving node may be wiped. Unseal the sealed nodes first (runbook sealed-node).",
    },
    { name: "the node serves", states: ["active", "standby", "standby"], steps: 3, says: "answers. Do not remove it." },
    { name: "the node is sealed", states: ["active", "standby", "sealed"], steps: 3, says: "It is sealed" },
    {
      name: "too few healthy voters would remain",
      states: ["active", "unreachable", "unreachable", "unreachable", "standby"],
      steps: 6,
      says: "Of the 4 voters that remain 2 are healthy, and 3 are needed. Bring unhealthy nodes back first: vault-1, vault-2, vault-3.",
    },
  ];

  it.each(stops)("stops when $name", async ({ states, steps, says }) => {
    const fake = createFakeCluster(states);
    const walk = await walkLost(fake);
    expect(walk).toMatchObject({ result: "stopped", said: [expect.stringContaining(says)] });
    expect(walk.steps).toHaveLength(steps);
    expect(fake.calls.filter(({ method }) => method === "removeRaftPeer")).toEqual([]);
  });

  it("waits while a new leader has not listened long enough, and goes no further", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    fake.node("vault-2").silentMs = 700;
    const walk = await walkLost(fake);
    expect(walk).toMatchObject({ result: "failed: timeout", said: [] });
    expect(walk.steps.at(-1)).toBe("quiet");
    expect(fake.calls.filter(({ method }) => method === "removeRaftPeer")).toEqual([]);
  });

  it("has nothing to do when raft does not list the node", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    fake.node("vault-2").member = false;
    const walk = await walkLost(fake);
    expect(walk).toMatchObject({
      result: "resolved",
      said: [expect.stringContaining("The voters are vault-0, vault-1.")],
    });
  });

  it("ends with a failure and not green when the node cannot be matched to a member", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    Object.assign(fake.node("vault-2"), { configuredId: "vault-2", apiHost: "10.0.0.2" });
    const walk = await walkLost(fake);
    expect(walk).toMatchObject({ result: "failed: refused", said: [] });
    expect(walk.steps.at(-1)).toBe("member");
  });

  it("is refused by the action itself, before anybody approves, when the token may not do it", async () => {
    const fake = Object.assign(createFakeCluster(["active", "standby", "unreachable"]), { operate: ["deny"] });
    expect(await walkLost(fake)).toMatchObject({ result: "failed: permitted" });
    expect(fake.calls.filter(({ method }) => method === "removeRaftPeer")).toEqual([]);
  });

  it("is refused by the action itself when the node comes back while a human thinks", async () => {
    const fake = createFakeCluster(["active", "standby", "unreachable"]);
    const walk = await walkLost(fake, (_step, { node }) => {
      node("vault-2").state = "standby";
    });
    expect(walk).toMatchObject({ result: "failed: silent" });
  });
});

async function walkLost(fake: FakeCluster, work?: (step: string, fake: FakeCluster) => void): Promise<Walk> {
  const inputs = { cluster: "prod", node: "vault-2" };
  return await walkRunbook({ runbook: "lost-peer", fake, inputs, ...(work === undefined ? {} : { work }) });
}
