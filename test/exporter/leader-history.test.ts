import { describe, expect, it } from "@jest/globals";
import { createLeaderHistory } from "../../src/exporter/leader-history.ts";
import { probeNodes, type NodeProbe } from "../../src/exporter/probe-nodes.ts";
import { fakeCluster, NOW, type FakeNode } from "./fake-cluster.ts";

const EARLY = "2026-11-22T00:00:00.123456789Z";
const LATE = "2026-11-22T01:00:00Z";
const signal = new AbortController().signal;

const leads = (name: string, activeTime: string | undefined = EARLY): FakeNode => ({
  name,
  state: "active",
  leader: { activeTime },
});
const follows = (name: string): FakeNode => ({ name, state: "standby" });

async function probesOf(nodes: readonly FakeNode[], at = NOW): Promise<readonly NodeProbe[]> {
  return await probeNodes({ cluster: fakeCluster({ nodes }), clock: { now: () => at }, signal, timeoutMs: 50 });
}

describe("createLeaderHistory", () => {
  it.each([
    { name: "the first leader that is seen", seen: [[leads("a"), follows("b")]], changes: 0 },
    { name: "a leader that stays", seen: [[leads("a")], [leads("a")]], changes: 0 },
    { name: "no leader at all", seen: [[follows("a")]], changes: 0 },
    {
      name: "a leader that was not seen for a while and is the same",
      seen: [[leads("a")], [follows("a")], [leads("a")]],
      changes: 0,
    },
    { name: "another leader", seen: [[leads("a")], [leads("b", LATE)]], changes: 1 },
    { name: "another leader after none", seen: [[leads("a")], [follows("b")], [leads("b", LATE)]], changes: 1 },
    {
      name: "there and back",
      seen: [[leads("a")], [leads("b", LATE)], [leads("a", "2026-11-22T02:00:00Z")]],
      changes: 2,
    },
    {
      name: "a leader that was cut off and claims its old lead while the new one does not answer",
      seen: [[leads("a")], [leads("b", LATE)], [leads("a")], [leads("b", LATE)]],
      changes: 1,
    },
    { name: "the same node that lost the lead in between", seen: [[leads("a")], [leads("a", LATE)]], changes: 1 },
    {
      name: "a leader that does not tell its time for once",
      seen: [[leads("a")], [{ name: "a", state: "active" as const, leader: { activeTime: undefined } }], [leads("a")]],
      changes: 0,
    },
    {
      name: "a node whose lead changed while it did not tell its time",
      seen: [
        [leads("a")],
        [{ name: "a", state: "active" as const, leader: { activeTime: undefined } }],
        [leads("a", LATE)],
      ],
      changes: 1,
    },
  ])("counts $changes for $name", async ({ seen, changes }) => {
    const history = createLeaderHistory();

    const told = [];
    for (const nodes of seen) told.push(history("prod", await probesOf(nodes)).changes);

    expect(told.at(-1)).toBe(changes);
  });

  it("takes of two that both say so the one that became active later: the other has not noticed yet", async () => {
    const history = createLeaderHistory();
    history("prod", await probesOf([leads("a", EARLY), follows("b")]));

    expect(history("prod", await probesOf([leads("a", EARLY), leads("b", LATE)]))).toEqual({
      leader: { node: "b", since: Date.parse(LATE) },
      changes: 1,
    });
  });

  it("counts a change once, though a scrape that began before ends after", async () => {
    const history = createLeaderHistory();
    history("prod", await probesOf([leads("a", EARLY)], NOW));
    history("prod", await probesOf([leads("b", LATE)], NOW + 2000));

    const late = history("prod", await probesOf([leads("a", EARLY)], NOW + 1000));
    const next = history("prod", await probesOf([leads("b", LATE)], NOW + 3000));

    expect([late.leader?.node, late.changes]).toEqual(["a", 1]);
    expect([next.leader?.node, next.changes]).toEqual(["b", 1]);
  });

  it("goes on counting after our clock was set back", async () => {
    const history = createLeaderHistory();
    history("prod", await probesOf([leads("a", EARLY)], NOW));

    expect(history("prod", await probesOf([leads("b", LATE)], NOW - 3_600_000)).changes).toBe(1);
  });

  it("keeps clusters apart", async () => {
    const history = createLeaderHistory();
    history("prod", await probesOf([leads("a", EARLY)]));

    expect(history("stage", await probesOf([leads("b", LATE)])).changes).toBe(0);
  });
});
