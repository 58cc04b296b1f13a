import { describe, expect, it } from "@jest/globals";
import { identity } from "../../../src/actions/vault/identity.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeState } from "../fake-cluster.ts";

const OURS = { clusterId: "c1a1", clusterName: "prod" };

describe("the cluster's identity", () => {
  it.each<{ name: string; states: FakeState[]; known: typeof OURS | undefined; gives: object }>([
    {
      name: "agrees when every node that says it says the known one",
      states: ["active", "sealed", "unreachable"],
      known: OURS,
      gives: { agrees: true, known: true, cluster_id: "c1a1", cluster_name: "prod", said: 1, stranger_names: [] },
    },
    {
      name: "does not agree when it is another, and names who says so",
      states: ["active", "standby", "sealed"],
      known: { clusterId: "pinned", clusterName: "" },
      gives: { agrees: false, cluster_id: "pinned", said: 2, stranger_names: ["vault-0", "vault-1"] },
    },
    {
      name: "does not agree while no node can say it: nobody knows",
      states: ["sealed", "sealed", "unreachable"],
      known: OURS,
      gives: { agrees: false, known: true, cluster_id: "c1a1", said: 0, stranger_names: [] },
    },
    {
      name: "is not known when none was ever seen",
      states: ["sealed", "sealed", "sealed"],
      known: undefined,
      gives: { agrees: false, known: false, cluster_id: "", cluster_name: "", said: 0 },
    },
  ])("$name", async ({ states, known, gives }) => {
    const fake = createFakeCluster(states);
    fake.identity = known;
    expect(await identity.read(contextOf(fake), {})).toMatchObject(gives);
  });

  it("tells a wrong cluster as its result, with what it was known as", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    fake.identity = "wrong-cluster";
    const context = contextOf(fake);
    const cluster = { ...context.cluster, knownIdentity: () => ({ clusterId: "pinned", clusterName: "old" }) };
    expect(await identity.read({ ...context, cluster }, {})).toMatchObject({
      agrees: false,
      known: true,
      cluster_id: "pinned",
      cluster_name: "old",
      said: 3,
    });
  });

  it("fails when identity cannot be read for another reason", async () => {
    const fake = createFakeCluster(["active"]);
    fake.identity = "server-error";
    expect(await settle(identity.read(contextOf(fake), {}))).toMatchObject({ reason: "server-error" });
  });
});
