import { describe, expect, it } from "@jest/globals";
import { clusterPorts } from "../../../src/actions/vault/cluster-ports.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";

function reading(fake: FakeCluster, reached: (address: string) => boolean) {
  const context = contextOf(fake);
  const connectPort = async (address: string) =>
    await Promise.resolve(
      reached(address)
        ? { reached: true, milliseconds: 1.4, failure: "" }
        : { reached: false, milliseconds: 2000, failure: "no answer in time" },
    );
  return clusterPorts.read({ ...context, services: { connectPort } }, {});
}

describe("vault.cluster-ports", () => {
  it("tells a closed port of a living node from that of a dead one", async () => {
    const fake = createFakeCluster(["standby", "standby", "unreachable"]);
    expect(await reading(fake, (address) => address === "vault-0.example:8201")).toEqual({
      ports: [
        { name: "vault-0", address: "vault-0.example:8201", reached: true, milliseconds: 1, failure: "" },
        {
          name: "vault-1",
          address: "vault-1.example:8201",
          reached: false,
          milliseconds: 2000,
          failure: "no answer in time",
        },
        {
          name: "vault-2",
          address: "vault-2.example:8201",
          reached: false,
          milliseconds: 2000,
          failure: "no answer in time",
        },
      ],
      reached_names: ["vault-0"],
      unreached_names: ["vault-1", "vault-2"],
      closed_names: ["vault-1"],
      unknown_names: [],
    });
  });

  it("knows without a token only the port of the leader that nodes name", async () => {
    const fake = createFakeCluster(["denied", "denied", "denied"]);
    const nodes = fake.cluster.nodes.map((node) => ({
      ...node,
      leader: async (options: Parameters<typeof node.leader>[0]) => ({
        ...(await node.leader(options)),
        isSelf: false,
        leaderAddress: "https://vault-1.example:8200",
        leaderClusterAddress: "https://vault-1.example:8201",
      }),
    }));
    expect(await reading({ ...fake, cluster: { ...fake.cluster, nodes } }, () => true)).toMatchObject({
      reached_names: ["vault-1"],
      unknown_names: ["vault-0", "vault-2"],
    });
  });

  it("says that nobody told an address when all are sealed", async () => {
    expect(await reading(createFakeCluster(["sealed", "sealed", "sealed"]), () => true)).toMatchObject({
      ports: [],
      unknown_names: ["vault-0", "vault-1", "vault-2"],
    });
  });

  it("refuses where no connection can be opened", async () => {
    const context = { ...contextOf(createFakeCluster(["active"])), services: {} };
    expect(await settle(clusterPorts.read(context, {}))).toMatchObject({ reason: "refused" });
  });
});
