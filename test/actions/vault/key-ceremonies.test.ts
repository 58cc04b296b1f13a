import { describe, expect, it } from "@jest/globals";
import type { ActionContext } from "../../../src/actions/action.ts";
import { keyCeremonies } from "../../../src/actions/vault/key-ceremonies.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

const STARTED = { started: true, progress: 1, required: 3 };
const NONE = { started: false, progress: 0, required: 3 };

function fakeOf(root: unknown, shares: unknown) {
  const fake = createFakeCluster(["active", "standby", "standby"]);
  fake.answers.set("sys/generate-root-token/attempt", root);
  fake.answers.set("sys/rotate/root/init", shares);
  return contextOf(fake);
}

describe("vault.key-ceremonies", () => {
  it.each([
    { name: "nothing", root: NONE, shares: NONE, under_way: false, says: "no key ceremony is under way" },
    { name: "a root token", root: STARTED, shares: NONE, under_way: true, says: "making a root token now" },
    { name: "key shares", root: NONE, shares: STARTED, under_way: true, says: "making key shares now" },
    { name: "what cannot be seen", root: undefined, shares: NONE, under_way: false, says: "ask them" },
  ])("tells of $name", async ({ root, shares, under_way, says }) => {
    const answer = await keyCeremonies.read(fakeOf(root, shares), {});
    expect(answer).toMatchObject({ under_way, migrating_names: [] });
    expect(answer["summary"]).toContain(says);
  });

  it("tells of a seal migration on any node", async () => {
    const context: ActionContext = fakeOf(NONE, NONE);
    const nodes = context.cluster.nodes.map((node) => ({
      ...node,
      sealStatus: async (options: Parameters<typeof node.sealStatus>[0]) => ({
        ...(await node.sealStatus(options)),
        migration: node.name === "vault-2",
      }),
    }));
    expect(await keyCeremonies.read({ ...context, cluster: { ...context.cluster, nodes } }, {})).toEqual({
      under_way: true,
      summary: "no key ceremony is under way; a seal migration is pending on vault-2",
      migrating_names: ["vault-2"],
    });
  });
});
