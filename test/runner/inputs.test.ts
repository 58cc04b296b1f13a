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

  it("says everything that is wrong at once", () => {
    expect(resolveInputs(runbook, { ticket: "x" }, clusters)).toMatchObject({
      why: 'input "cluster" is missing (which cluster); input "node" is missing; input "ticket" does not fit the pattern [A-Z]+-[0-9]+',
    });
  });
});
