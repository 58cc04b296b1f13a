import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeState } from "../actions/fake-cluster.ts";
import { walkRunbook, type Walk } from "./walk.ts";

describe("the runbook stale-backup", () => {
  it("says how urgent it is, then leads a human through the causes and to a new backup", async () => {
    const walk = await walkStale(["active", "standby", "standby"]);
    expect(walk).toMatchObject({
      steps: ["situation", "leader", "peers", "urgency", "look", "again", "done"],
      result: "finished",
    });
    expect(walk.said[0]).toBe(
      "`vault-0` leads, 3 of 3 nodes are unsealed. The cluster can lose 1 more, so there is time to do this calmly.",
    );
    expect(walk.commands).toContain("bao operator raft snapshot save -address=https://vault-0.example:8200 FILE.snap");
  });

  it.each([
    { name: "there is no margin", states: ["active", "standby", "unreachable"], says: "a backup is urgent" },
    { name: "the token may not read", states: ["denied", "standby", "standby"], says: "could not be read" },
  ] as const)("goes on when $name", async ({ states, says }) => {
    const walk = await walkStale(states);
    expect(walk.result).toBe("finished");
    expect(walk.said[0]).toContain(says);
  });

  it("stops when nobody leads, because no backup can be made", async () => {
    const walk = await walkStale(["standby", "sealed", "unreachable"]);
    expect(walk).toMatchObject({ result: "stopped", said: [expect.stringContaining("1 of 3 nodes are sealed")] });
  });
});

async function walkStale(states: readonly FakeState[]): Promise<Walk> {
  const inputs = { cluster: "prod", destination: "nightly" };
  return await walkRunbook({ runbook: "stale-backup", fake: createFakeCluster(states), inputs });
}
