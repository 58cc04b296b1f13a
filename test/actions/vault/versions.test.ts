import { describe, expect, it } from "@jest/globals";
import type { ActionContext } from "../../../src/actions/action.ts";
import { versions } from "../../../src/actions/vault/versions.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

/** Three nodes with these versions; one with none cannot be reached. */
function contextOfVersions(told: readonly (string | undefined)[]): ActionContext {
  const fake = createFakeCluster(told.map((version) => (version === undefined ? "unreachable" : "standby")));
  const context = contextOf(fake);
  const nodes = context.cluster.nodes.map((node, index) => ({
    ...node,
    health: async (options: Parameters<typeof node.health>[0]) => ({
      ...(await node.health(options)),
      version: told[index] ?? "",
    }),
  }));
  return { ...context, cluster: { ...context.cluster, nodes } };
}

describe("the versions of the nodes", () => {
  it.each([
    {
      name: "all have one older than the target",
      told: ["1.21.1", "1.21.1", "1.21.1"],
      target: "1.21.2",
      gives: { skew: false, target_newer: true, target_older: false, target_names: [] },
    },
    {
      name: "the upgrade is half done",
      told: ["1.21.1", "1.21.2", "1.21.1"],
      target: "1.21.2",
      gives: {
        skew: true,
        oldest: "1.21.1",
        newest: "1.21.2",
        target_newer: false,
        target_older: false,
        target_names: ["vault-1"],
      },
    },
    {
      name: "it would be a downgrade of one",
      told: ["1.9.10", "1.21.2", "1.21.1"],
      target: "1.21.1",
      gives: { oldest: "1.9.10", newest: "1.21.2", target_newer: false, target_older: true },
    },
    {
      name: "the target is a release candidate of what runs",
      told: ["1.21.0", "1.21.0", "1.21.0"],
      target: "1.21.0-rc1",
      gives: { target_newer: false, target_older: true },
    },
    {
      name: "a release candidate runs",
      told: ["1.21.0-rc10", "1.21.0-rc2", "1.21.0-rc1"],
      target: "1.21.0",
      gives: { skew: true, oldest: "1.21.0-rc1", newest: "1.21.0-rc10", target_newer: true },
    },
    {
      name: "one node does not tell, so that it may be newer",
      told: ["1.21.1", undefined, "1.21.1"],
      target: "1.21.2",
      gives: { unknown_names: ["vault-1"], skew: false, target_newer: false, target_older: false },
    },
    {
      name: "one node tells what is no version",
      told: ["1.21.1", "dev-build", "1.21.1"],
      target: "1.21.2",
      gives: { unknown_names: ["vault-1"], target_newer: false },
    },
    {
      name: "only the build differs",
      told: ["1.21.1+ent", "1.21.1+ent.hsm", "1.21.1+ent"],
      target: "1.21.2+ent.fips1403",
      gives: { skew: false, edition_skew: false, target_newer: true },
    },
    {
      name: "the target is the community edition of what is Enterprise",
      told: ["1.21.1+ent", "1.21.1+ent", "1.21.1+ent"],
      target: "1.21.2",
      gives: { edition_skew: true, target_newer: true },
    },
    {
      name: "there is no target",
      told: ["1.21.1", "1.21.2", "1.21.1"],
      target: undefined,
      gives: { skew: true, edition_skew: false, target_newer: false, target_older: false, target_names: [] },
    },
    {
      name: "nobody answers",
      told: [undefined, undefined, undefined],
      target: "1.21.2",
      gives: { nodes: [], oldest: "", newest: "", skew: false, target_newer: false, target_older: false },
    },
  ])("are judged when $name", async ({ told, target, gives }) => {
    const input = target === undefined ? {} : { target };
    expect(await versions.read(contextOfVersions(told), input)).toMatchObject(gives);
  });

  it("refuse a target that is no version, before anybody is asked", async () => {
    const fake = createFakeCluster(["active"]);
    const answer = await settle(versions.read(contextOf(fake), { target: "latest" }));
    expect(answer).toMatchObject({ reason: "refused", message: expect.stringContaining("a version like 1.21.2") });
    expect(fake.calls).toEqual([]);
  });
});
