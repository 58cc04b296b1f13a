import { describe, expect, it } from "@jest/globals";
import { compare, diff } from "../../../src/cli/rehearsal/compare.ts";
import type { Facts } from "../../../src/cli/rehearsal/facts.ts";
import type { Expectation } from "../../../src/cli/rehearsal/test-file.ts";

const facts: Facts = {
  path: ["look", "remove"],
  outcome: "resolved",
  calls: ["vault.step-down on vault-0"],
  gates: [{ step: "remove", danger: "disruptive", approvals: 1, outcome: "agreed" }],
  failures: [{ step: "look", reason: "timeout" }],
  commands: ["bao status", "df -h"],
  said: ["Two nodes are sealed.", "All is well."],
  cluster: { leader: "vault-1", members: ["vault-0", "vault-1"], sealed: [] },
};

const expected: Expectation = {
  path: ["look", "remove"],
  outcome: "resolved",
  calls: ["vault.step-down on vault-0"],
  gates: [{ step: "remove", outcome: "agreed" }],
  failures: [{ step: "look", reason: "timeout" }],
  says: ["Two nodes  are\nsealed"],
  saysNot: ["wipe"],
  commands: ["bao status"],
  cluster: { leader: "vault-1", members: ["vault-1", "vault-0"], sealed: [] },
};

describe("compare", () => {
  it("finds nothing where all is as expected, whatever the white space and the order of names", () => {
    expect(compare(expected, facts)).toEqual([]);
  });

  const others: readonly { name: string; facts: Partial<Facts>; what: string; lines: readonly string[] }[] = [
    { name: "another path", facts: { path: ["look"] }, what: "path", lines: ["  look", "- remove"] },
    { name: "another end", facts: { outcome: "stopped" }, what: "outcome", lines: ["- resolved", "+ stopped"] },
    {
      name: "a call more",
      facts: { calls: ["vault.step-down on vault-0", "vault.step-down on vault-1"] },
      what: "calls",
      lines: ["  vault.step-down on vault-0", "+ vault.step-down on vault-1"],
    },
    { name: "no call", facts: { calls: [] }, what: "calls", lines: ["- vault.step-down on vault-0"] },
    {
      name: "another gate",
      facts: { gates: [{ step: "remove", danger: "disruptive", approvals: 1, outcome: "voided" }] },
      what: "gates",
      lines: ["- step: remove, outcome: agreed", "+ step: remove, outcome: voided"],
    },
    {
      name: "a gate more",
      facts: { gates: [...facts.gates, { step: "look", danger: "disruptive", approvals: 1, outcome: "agreed" }] },
      what: "gates",
      lines: ["  step: remove, outcome: agreed", "+ step: look, danger: disruptive, approvals: 1, outcome: agreed"],
    },
    {
      name: "another failure",
      facts: { failures: [{ step: "look", reason: "denied" }] },
      what: "failures",
      lines: ["- step: look, reason: timeout", "+ step: look, reason: denied"],
    },
    {
      name: "a text that nobody saw",
      facts: { said: ["One of three nodes is sealed.", "All is well."] },
      what: "says",
      lines: ["- Two nodes  are\nsealed", "+ One of three nodes is sealed."],
    },
    {
      name: "a text that nobody should see",
      facts: { said: [...facts.said, "Now wipe it."] },
      what: "saysNot",
      lines: ["+ wipe"],
    },
    {
      name: "another command",
      facts: { commands: ["vault status"] },
      what: "commands",
      lines: ["- bao status", "+ vault status"],
    },
    {
      name: "another leader",
      facts: { cluster: { ...facts.cluster, leader: "none" } },
      what: "cluster.leader",
      lines: ["- vault-1", "+ none"],
    },
  ];

  it.each(others)("shows $name and nothing else", ({ facts: other, what, lines }) => {
    expect(compare(expected, { ...facts, ...other })).toEqual([{ what, lines }]);
  });

  it("takes every call, gate and failure for unexpected that a test does not name", () => {
    const silent = { ...expected, calls: [], gates: [], failures: [] };
    expect(compare(silent, facts).map(({ what }) => what)).toEqual(["calls", "gates", "failures"]);
  });
});

describe("diff", () => {
  it("keeps what both have, in the place where it stands", () => {
    expect(diff(["a", "b", "c", "d"], ["a", "x", "c", "e", "d"])).toEqual(["  a", "- b", "+ x", "  c", "+ e", "  d"]);
  });
});
