import { describe, expect, it } from "@jest/globals";
import { actionPolicies, policyFor, readingPolicyFor } from "../../src/actions/policy.ts";
import { actions, checks } from "../../src/actions/registry.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import { COLLECTORS } from "../../src/config/sections/exporter.ts";
import { mergePolicy } from "../../src/lib/vault-policy.ts";
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

  it("walks into the steps of a loop and those of an aborted run", () => {
    const inner = [{ id: "c", check: "vault.caught-up" }];
    const loop = runbook([{ id: "each", forEach: "inputs.nodes", steps: inner }]);
    const aborted = runbook([{ id: "say", say: "x" }], { onCancel: { steps: inner } });
    for (const book of [loop, aborted]) {
      expect(policyFor({ runbooks: [book], checks, actions })).toEqual([
        { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
      ]);
    }
  });

  it("refuses a name that nobody has, and says which was meant", () => {
    const unknown = runbook([{ id: "a", check: "vault.seal-state" }]);
    expect(() => policyFor({ runbooks: [unknown], checks, actions })).toThrow(
      'cannot tell the policy of runbook drill: there is no "vault.seal-state"; did you mean "vault.seal-status"?',
    );
  });
});

describe("readingPolicyFor", () => {
  it("leaves out every call, and the question of what one token for all may do", () => {
    expect(readingPolicyFor({ runbooks: [REMOVAL], checks, actions })).toEqual([
      { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
      { path: "sys/storage/raft/configuration", capabilities: ["read"] },
    ]);
  });
});

describe("actionPolicies", () => {
  it("gives exactly the call of each action in use, once", () => {
    expect(actionPolicies({ runbooks: [REMOVAL, REMOVAL], checks, actions })).toEqual([
      { action: "vault.raft-remove-peer", rules: [{ path: "sys/storage/raft/remove-peer", capabilities: ["update"] }] },
    ]);
  });

  it("gives nothing for an action that calls no Vault, and nothing for checks", () => {
    const removal = actions.get("vault.raft-remove-peer");
    if (removal === undefined) throw new Error("the action is gone");
    const quiet = new Map([[removal.name, { ...removal, grants: [] }]]);
    expect(actionPolicies({ runbooks: [REMOVAL], checks, actions: quiet })).toEqual([]);
    const reading = runbook([{ id: "a", check: "vault.raft-peers" }]);
    expect(actionPolicies({ runbooks: [reading], checks, actions })).toEqual([]);
  });

  it("knows of no action that is granted more than others may be: no wildcard but at the end, nothing of tokens' own making", () => {
    const runbooks = [runbook([...actions.keys()].map((name, index) => ({ id: `a${index}`, do: name })))];
    for (const { action, rules } of actionPolicies({ runbooks, checks, actions })) {
      for (const { path } of rules) {
        expect({ action, path }).toEqual({ action, path: expect.stringMatching(/^(?:sys|auth)\/[a-z][^*+]*\*?$/u) });
        expect(path).not.toMatch(/^auth\/token\/(?:create|renew)|^sys\/(?:policies|policy|raw)/u);
      }
    }
  });
});

const REMOVAL = runbook([{ id: "b", do: "vault.raft-remove-peer" }]);

describe("the policy of everything", () => {
  it("has no line that takes away what a wider one gives: Vault goes by the most exact line alone", () => {
    const everything = [...checks.values(), ...actions.values(), ...createCollectors({ backups: [] })].flatMap(
      (each) => [...each.policy, ...("grants" in each ? each.grants : [])],
    );
    const merged = mergePolicy(everything);
    const taken = merged.flatMap(({ path, capabilities }) => {
      const wider = merged.filter((rule) => rule.path.endsWith("*") && path.startsWith(rule.path.slice(0, -1)));
      // A list is asked with a slash at its end, and is a path of its own.
      return wider
        .filter((rule) => rule.path !== path && !path.endsWith("/"))
        .filter((rule) => rule.capabilities.some((capability) => !capabilities.includes(capability)))
        .map((rule) => `${path} takes from ${rule.path}`);
    });
    expect(taken).toEqual([]);
  });
});

function runbook(steps: readonly unknown[], parts: object = {}): Runbook {
  const text = { title: "Drill", meaning: "m", impact: "i", verify: "v", escalate: "e" };
  return Runbook.parse({ id: "drill", ...text, inputs: {}, steps, ...parts });
}

describe("the policy of everything", () => {
  it("has no two patterns for the same path: Vault takes the narrower alone, and what the other permits is lost", () => {
    const used = [...checks.values(), ...actions.values()];
    const collectors = createCollectors({ backups: [], enabled: [...COLLECTORS] });
    const rules = mergePolicy([
      ...collectors.flatMap(({ policy }) => policy),
      ...used.flatMap((each) => [...each.policy, ...("grants" in each ? each.grants : [])]),
    ]);
    const patterns = rules.map(({ path }) => path).filter((path) => /[*+]/u.test(path));
    const both = patterns.flatMap((path) =>
      patterns.filter((other) => other !== path && covers(other, path)).map((other) => `${other} and ${path}`),
    );
    expect(both).toEqual([]);
  });
});

/** Tells whether a pattern permits a path that the other one permits too. */
function covers(pattern: string, other: string): boolean {
  const source = pattern
    .replaceAll(/[.()$^]/gu, String.raw`\$&`)
    .replaceAll("+", "[^/]+")
    .replace(/\*$/u, ".*");
  return new RegExp(`^${source}$`, "u").test(other.replaceAll(/[*+]/gu, "x"));
}
