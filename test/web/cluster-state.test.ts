import { describe, expect, it } from "@jest/globals";
import { createClusterReader } from "../../src/web/cluster-reader.ts";
import { readClusterState } from "../../src/web/cluster-state.ts";
import { fakeCluster, type FakeNode } from "./fake-cluster.ts";

type Row = { name: string; node: FakeNode; status: string; detail: string | undefined };

const sealed = { sealed: true, standby: true };

const ROWS: readonly Row[] = [
  { name: "an active node", node: { health: { standby: false } }, status: "active", detail: undefined },
  { name: "a standby", node: {}, status: "standby", detail: undefined },
  {
    name: "a standby that does not hear the active node",
    node: { health: { haConnectionHealthy: false } },
    status: "standby",
    detail: "cut off from the active node",
  },
  {
    name: "a sealed node, with the key shares it has",
    node: { health: sealed, seal: { sealed: true, progress: 2 } },
    status: "sealed",
    detail: "shamir, 2 of 3 key shares entered",
  },
  {
    name: "a sealed node with auto-unseal, whose threshold would mislead",
    node: { health: sealed, seal: { sealed: true, type: "awskms" } },
    status: "sealed",
    detail: "awskms auto-unseal",
  },
  {
    name: "a sealed node in a seal migration",
    node: { health: sealed, seal: { sealed: true, type: "transit", migration: true } },
    status: "sealed",
    detail: "transit, a seal migration is pending",
  },
  {
    name: "a sealed node whose seal cannot be read",
    node: { health: sealed, seal: "timeout" },
    status: "sealed",
    detail: undefined,
  },
  {
    name: "an empty node",
    node: { health: { initialized: false } },
    status: "uninitialized",
    detail: "it has no data",
  },
  {
    name: "a removed node, which also calls itself sealed",
    node: { health: { ...sealed, removedFromCluster: true } },
    status: "removed",
    detail: "it was removed from the cluster",
  },
  {
    name: "a node that cannot be reached",
    node: { health: "unreachable", seal: "unreachable" },
    status: "unreachable",
    detail: "cannot read vault-0: unreachable; look at it",
  },
  {
    name: "a node that does not answer in time",
    node: { health: "timeout", seal: "timeout" },
    status: "unreachable",
    detail: "cannot read vault-0: timeout; look at it",
  },
  {
    name: "a node that answers something else",
    node: { health: "invalid-answer", seal: "invalid-answer" },
    status: "unknown",
    detail: "cannot read vault-0: invalid-answer; look at it",
  },
  {
    name: "a node that tells only its seal, which is open",
    node: { health: "rate-limited" },
    status: "unknown",
    detail: "unsealed, but cannot read vault-0: rate-limited; look at it",
  },
  {
    name: "a node that tells only its seal, which is not",
    node: { health: "rate-limited", seal: { sealed: true, type: "static" } },
    status: "sealed",
    detail: "static auto-unseal",
  },
];

describe("the state of a node", () => {
  it.each(ROWS)("says $status of $name", async ({ node, status, detail }) => {
    const { nodes } = await readClusterState(fakeCluster("prod", { "vault-0": node }), 1000);
    expect(nodes).toMatchObject([{ name: "vault-0", address: "https://vault-0.example:8200", status, detail }]);
  });
});

describe("the cluster reader", () => {
  it("asks a cluster once for all who look within 2 s, and again after that", async () => {
    let now = 1000;
    const cluster = fakeCluster("prod", { "vault-0": {}, "vault-1": {} });
    const read = createClusterReader({ now: () => now });
    const [first] = await Promise.all([read(cluster), read(cluster)]);
    now = 2999;
    expect(await read(cluster)).toBe(first);
    expect(cluster.reads()).toBe(4);
    now = 3000;
    expect((await read(cluster)).readAt).toBe(3000);
    expect(cluster.reads()).toBe(8);
  });

  it("keeps clusters apart", async () => {
    const read = createClusterReader({ now: () => 1000 });
    const states = await Promise.all(["prod", "staging"].map(async (name) => await read(fakeCluster(name, {}))));
    expect(states.map(({ name }) => name)).toEqual(["prod", "staging"]);
  });
});
