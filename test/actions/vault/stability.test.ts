import { describe, expect, it } from "@jest/globals";
import type { ActionContext } from "../../../src/actions/action.ts";
import { stability } from "../../../src/actions/vault/stability.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";

const SERVER_TIME = "2026-01-01T00:00:00Z";

/** The context of a cluster in which something happens between two looks; gives the pauses that were made. */
function watching(fake: FakeCluster, happens: readonly (() => void)[]) {
  const pauses: number[] = [];
  let now = 0;
  const context: ActionContext = {
    ...contextOf(fake),
    clock: { now: () => now },
    services: {
      pause: async (milliseconds) => {
        now += milliseconds;
        happens[pauses.length]?.();
        pauses.push(milliseconds);
        await Promise.resolve();
      },
    },
  };
  return { context, pauses, passes: (milliseconds: number) => void (now += milliseconds) };
}

function lead(fake: FakeCluster, name: string, activeTime: string): void {
  for (const index of [0, 1, 2]) fake.node(`vault-${index}`).state = "standby";
  Object.assign(fake.node(name), { state: "active", activeTime });
}

describe("vault.stability", () => {
  it("calls a lead stable that is the same in every look, and says for how long by the leader's own clock", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    fake.node("vault-0").activeTime = "2025-12-31T23:58:20.5Z";
    const { context, pauses } = watching(fake, []);
    expect(await stability.read(context, {})).toMatchObject({
      stable: true,
      known: true,
      leader: "vault-0",
      leads_seconds: 99,
      looks: 3,
      changes: 0,
      leaderless_looks: 0,
      most_active: 1,
      leader_names: ["vault-0"],
      disagreeing_names: [],
      answering_names: ["vault-0", "vault-1", "vault-2"],
    });
    expect(pauses).toEqual([2500, 2500]);
  });

  it("counts each time that the lead went elsewhere, was lost, or was begun anew by the same node", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    const other = watching(fake, [
      () => lead(fake, "vault-1", SERVER_TIME),
      () => (fake.node("vault-1").state = "standby"),
    ]);
    expect(await stability.read(other.context, {})).toMatchObject({
      stable: false,
      known: false,
      leader: "",
      leads_seconds: 0,
      changes: 2,
      leaderless_looks: 1,
      leader_names: ["vault-0", "vault-1"],
    });
    lead(fake, "vault-0", SERVER_TIME);
    const anew = watching(fake, [() => (fake.node("vault-0").activeTime = "2026-01-01T00:00:05Z")]);
    expect(await stability.read(anew.context, {})).toMatchObject({ stable: false, known: true, changes: 1 });
  });

  it("takes of two that call themselves active the later one, and does not call that stable", async () => {
    const fake = createFakeCluster(["active", "active", "standby"]);
    fake.node("vault-1").activeTime = "2026-01-01T00:00:01Z";
    expect(await stability.read(watching(fake, []).context, {})).toMatchObject({
      stable: false,
      leader: "vault-1",
      most_active: 2,
    });
  });

  it("names who names another leader or none, who is behind, and whoever does not say", async () => {
    const fake = createFakeCluster(["standby", "standby", "sealed"]);
    fake.node("vault-1").index -= 101;
    const answer = await stability.read(watching(fake, []).context, {});
    expect(answer).toMatchObject({
      known: false,
      leaderless_looks: 3,
      newest_names: ["vault-0"],
      behind_names: ["vault-1"],
      answering_names: ["vault-0", "vault-1"],
    });
    expect(answer["words"]).toEqual([
      "vault-0 knows no leader, index 9007199254000",
      "vault-1 knows no leader, index 9007199253898",
      "vault-2 does not say (sealed, or silent)",
    ]);
  });

  it("gives slow nodes their time and still ends: it pauses less when a look took long, and half a second at least", async () => {
    const fake = createFakeCluster(["active", "frozen", "frozen"]);
    const { context, pauses, passes } = watching(fake, []);
    const [node] = fake.cluster.nodes;
    const slow = {
      ...node,
      leader: async () => (passes(2300), await node?.leader({ signal: context.signal, timeoutMs: 2000 })),
    };
    await stability.read({ ...context, cluster: { ...fake.cluster, nodes: [slow] as never } }, {});
    expect(pauses).toEqual([500, 500]);
  });
});
