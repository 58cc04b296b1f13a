import { describe, expect, it } from "@jest/globals";
import { openNodes } from "../../../src/actions/vault/open-nodes.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster, FAKE_STATES, type FakeState } from "../fake-cluster.ts";

describe("vault.open-nodes", () => {
  it.each<{ readonly name: string; readonly states: readonly FakeState[]; readonly gives: object }>([
    {
      name: "a standby that nobody leads",
      states: ["standby", "sealed", "sealed"],
      gives: { open: true, open_nodes: ["vault-0"], shut: 2, silent: 0, silent_nodes: [], expected: 3 },
    },
    {
      name: "an open node beside one that gives no answer",
      states: ["frozen", "unreachable", "active"],
      gives: {
        open: true,
        open_nodes: ["vault-2"],
        shut: 0,
        silent: 2,
        silent_nodes: ["vault-0", "vault-1"],
        expected: 3,
      },
    },
    {
      name: "nothing open where all are sealed or empty",
      states: ["sealed", "uninitialized", "sealed"],
      gives: { open: false, open_nodes: [], shut: 3, silent: 0, silent_nodes: [], expected: 3 },
    },
    {
      name: "nothing proven where nobody answers with sense",
      states: ["unreachable", "garbage"],
      gives: { open: false, open_nodes: [], shut: 0, silent: 2, silent_nodes: ["vault-0", "vault-1"], expected: 2 },
    },
  ])("sees $name", async ({ states, gives }) => {
    expect(await openNodes.read(contextOf(createFakeCluster([...states])), {})).toEqual(gives);
  });

  it("works without a token, whatever the nodes do", async () => {
    const fake = createFakeCluster(FAKE_STATES.filter((state) => state !== "hanging"));
    await openNodes.read(contextOf(fake), {});
    expect(fake.calls.filter(({ reads, operates }) => (reads ?? operates) !== undefined)).toEqual([]);
  });

  it("gives no node more than a second and a half, so that a frozen one hides nobody for long", async () => {
    const fake = createFakeCluster(["frozen", "standby"]);
    await openNodes.read(contextOf(fake), {});
    expect(fake.calls.map(({ timeoutMs }) => timeoutMs)).toEqual([1500, 1500]);
  });
});
