import { describe, expect, it } from "@jest/globals";
import { resolveInputs } from "../../src/runner/inputs.ts";
import { Runbook } from "../../src/runbook/schema.ts";

const runbook = Runbook.parse({
  id: "sealed-node",
  title: "t",
  meaning: "m",
  impact: "i",
  verify: "v",
  escalate: "e",
  inputs: {
    cluster: { type: "cluster", description: "which cluster" },
    node: { type: "node" },
    ticket: { type: "string", pattern: "[A-Z]+-[0-9]+", default: "OPS-1" },
  },
  steps: [{ id: "hello", say: "hello" }],
});
const clusters = new Map([["prod", { nodes: [{ name: "vault-0" }, { name: "vault-1" }] }]]);

describe("resolveInputs", () => {
  it("takes what fits, with defaults", () => {
    expect(resolveInputs(runbook, { cluster: "prod", node: "vault-1" }, clusters)).toEqual({
      ok: true,
      cluster: "prod",
      inputs: { cluster: "prod", node: "vault-1", ticket: "OPS-1" },
    });
  });

  it.each([
    {
      name: "an unknown input",
      given: { cluster: "prod", node: "vault-1", nod: "x" },
      why: 'unknown input "nod"; did you mean "node"?',
    },
    { name: "a missing input", given: { node: "vault-1" }, why: 'input "cluster" is missing (which cluster)' },
    {
      name: "an unknown cluster",
      given: { cluster: "prd", node: "vault-1" },
      why: 'there is no cluster "prd"; did you mean "prod"?',
    },
    {
      name: "an unknown node",
      given: { cluster: "prod", node: "vault-7" },
      why: 'cluster "prod" has no node "vault-7"; did you mean "vault-0"?',
    },
    {
      name: "a text that does not fit",
      given: { cluster: "prod", node: "vault-1", ticket: "x" },
      why: 'input "ticket" does not fit the pattern [A-Z]+-[0-9]+',
    },
  ])("refuses $name", ({ given, why }) => {
    expect(resolveInputs(runbook, given, clusters)).toEqual({ ok: false, why });
  });

  it("gives each input in the form of its type, and a duration in whole seconds", () => {
    const typed = Runbook.parse({
      ...runbook,
      inputs: {
        cluster: { type: "cluster" },
        count: { type: "int" },
        grace: { type: "duration", default: "5m" },
        sure: { type: "bool" },
        speed: { type: "enum", options: ["fast", "slow"] },
      },
    });
    const given = { cluster: "prod", count: "3", sure: "yes", speed: "slow" };
    expect(resolveInputs(typed, given, clusters)).toEqual({
      ok: true,
      cluster: "prod",
      inputs: { cluster: "prod", count: 3, grace: 300, sure: true, speed: "slow" },
    });
    expect(resolveInputs(typed, { ...given, count: "three", speed: "fats" }, clusters)).toEqual({
      ok: false,
      why: 'input "count" must be a whole number; input "speed" must be one of fast, slow; did you mean "fast"?',
    });
  });

  it("takes nothing from an object's own inside for an input of that name", () => {
    const tricky = Runbook.parse({
      ...runbook,
      inputs: { cluster: { type: "cluster" }, constructor: { type: "string" } },
    });
    expect(resolveInputs(tricky, { cluster: "prod" }, clusters)).toEqual({
      ok: false,
      why: 'input "constructor" is missing',
    });
    const given = JSON.parse('{ "cluster": "prod", "node": "vault-0", "__proto__": "x" }') as Record<string, string>;
    expect(resolveInputs(runbook, given, clusters)).toEqual({
      ok: false,
      why: 'unknown input "__proto__"; known: cluster, node, ticket',
    });
  });

  it("says everything that is wrong at once", () => {
    expect(resolveInputs(runbook, { ticket: "x" }, clusters)).toMatchObject({
      why: 'input "cluster" is missing (which cluster); input "node" is missing; input "ticket" does not fit the pattern [A-Z]+-[0-9]+',
    });
  });
});
