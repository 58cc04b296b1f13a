import { describe, expect, it } from "@jest/globals";
import { policyFor } from "../../src/actions/policy.ts";
import { actions, checks } from "../../src/actions/registry.ts";
import { Runbook } from "../../src/runbook/schema.ts";

describe("policyFor", () => {
  it("asks for nothing when every step works without a token", () => {
    const steps = [
      { id: "seal", check: "vault.seal-status" },
      { id: "wait", wait: "vault.health", until: "result.unsealed" },
      { id: "say", say: "done" },
      { id: "work", manual: "work", watch: { check: "vault.health", with: {}, until: "result.unsealed" } },
    ];
    expect(policyFor({ runbooks: [runbook(steps)], checks, actions })).toEqual([]);
  });

  it.each([
    { name: "a check", step: { id: "a", check: "vault.caught-up" } },
    { name: "a wait", step: { id: "a", wait: "vault.caught-up", until: "true" } },
    {
      name: "the watch of manual work",
      step: { id: "a", manual: "a", watch: { check: "vault.caught-up", with: {}, until: "true" } },
    },
  ])("asks for what $name reads", ({ step }) => {
    expect(policyFor({ runbooks: [runbook([step])], checks, actions })).toEqual([
      { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
    ]);
  });

  it("asks once for what several runbooks need, and for an action's own reads too", () => {
    const one = runbook([{ id: "a", check: "vault.raft-peers" }]);
    const other = runbook([{ id: "b", do: "vault.raft-remove-peer" }]);
    expect(policyFor({ runbooks: [one, other], checks, actions })).toEqual([
      { path: "sys/capabilities-self", capabilities: ["update"] },
      { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
      { path: "sys/storage/raft/configuration", capabilities: ["read"] },
      { path: "sys/storage/raft/remove-peer", capabilities: ["update"] },
    ]);
  });

  it("refuses a name that nobody has, and says which was meant", () => {
    const unknown = runbook([{ id: "a", check: "vault.seal-state" }]);
    expect(() => policyFor({ runbooks: [unknown], checks, actions })).toThrow(
      'cannot tell the policy of runbook drill: there is no "vault.seal-state"; did you mean "vault.seal-status"?',
    );
  });
});

function runbook(steps: readonly unknown[]): Runbook {
  const text = { title: "Drill", meaning: "m", impact: "i", verify: "v", escalate: "e" };
  return Runbook.parse({ id: "drill", ...text, inputs: {}, steps });
}
