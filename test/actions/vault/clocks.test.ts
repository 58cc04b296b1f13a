import { describe, expect, it } from "@jest/globals";
import { clocks } from "../../../src/actions/vault/clocks.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeState } from "../fake-cluster.ts";

const SERVER_SECONDS = 1_767_225_600;

/** The answer of nodes whose clocks are ahead of ours by these seconds; undefined: the node is silent. */
async function read(ahead: readonly (number | undefined)[]) {
  const states = ahead.map((seconds): FakeState => (seconds === undefined ? "unreachable" : "sealed"));
  const fake = createFakeCluster(states);
  const nodes = fake.cluster.nodes.map((node, index) => ({
    ...node,
    health: async (options: Parameters<typeof node.health>[0]) => {
      const health = await node.health(options);
      return { ...health, serverTimeSeconds: SERVER_SECONDS + (ahead[index] ?? 0) };
    },
  }));
  const cluster: VaultCluster = { ...fake.cluster, nodes };
  return await clocks.read({ ...contextOf(fake), cluster, clock: { now: () => SERVER_SECONDS * 1000 + 500 } }, {});
}

describe("vault.clocks", () => {
  it.each([
    { name: "all agree", ahead: [0, 0, 0], spread: 0, odd: [], refused: false, ours: false },
    { name: "one is 5 s behind", ahead: [0, -5, 0], spread: 5, odd: ["vault-1"], refused: false, ours: false },
    { name: "one is 4 s ahead", ahead: [0, 0, 4], spread: 4, odd: [], refused: false, ours: false },
    { name: "one is 30 s ahead", ahead: [30, 0, 0], spread: 30, odd: ["vault-0"], refused: true, ours: false },
    {
      name: "two are left, and one of them is off",
      ahead: [-40, undefined, 0],
      spread: 40,
      odd: ["vault-0"],
      refused: true,
      ours: false,
    },
    { name: "it is our own that is off", ahead: [60, 60, 61], spread: 1, odd: [], refused: false, ours: true },
    { name: "nobody answers", ahead: [undefined], spread: 0, odd: [], refused: false, ours: false },
  ])("says who is odd when $name", async ({ ahead, spread, odd, refused, ours }) => {
    expect(await read(ahead)).toMatchObject({ spread_seconds: spread, odd_names: odd, refused, ours_odd: ours });
  });

  it("lists whoever answers, sealed ones too", async () => {
    expect(await read([1, undefined, -2])).toMatchObject({
      nodes: [
        { name: "vault-0", ahead_seconds: 1 },
        { name: "vault-2", ahead_seconds: -2 },
      ],
    });
  });
});
