import { describe, expect, it } from "@jest/globals";
import { branchesOf } from "../../../src/cli/rehearsal/coverage.ts";
import { rehearse } from "../../../src/cli/rehearsal/rehearse.ts";
import { handOverTests } from "./hand-over.ts";

describe("branchesOf", () => {
  it("lists what can become of every step, those of the abort too, and nothing of what is included", async () => {
    const { entry } = await handOverTests();
    expect(branchesOf(entry)).toEqual([
      "why: ran",
      "why: answered",
      "why: skipped",
      "look: ran",
      "nodes: ran",
      "each: ran",
      "each: items",
      "each: empty",
      "each.again: ran",
      "each.again: as expected",
      "each.again: otherwise",
      "each.told: ran",
      "each.told: not needed",
      "each.told: done",
      "each.told: skipped",
      "let_go: ran",
      "let_go: not needed",
      "let_go: refused by the facts",
      "let_go: agreed",
      "let_go: rejected",
      "let_go: expired",
      "let_go: voided",
      "other: ran",
      "other: not needed",
      "other: came true",
      "other: timed out",
      "done: ran",
      "$cancel.leads: ran",
      "$cancel.leads: as expected",
      "$cancel.leads: otherwise",
      "$cancel.undo: ran",
      "run: aborted",
    ]);
  });
});

describe("a loop", () => {
  it("over a list that is written out has no branch for an empty one", async () => {
    const { entry } = await handOverTests();
    const loopOver = (forEach: string) => {
      const steps = entry.runbook.steps.map((step) => ("forEach" in step ? { ...step, forEach } : step));
      return branchesOf({ runbook: { ...entry.runbook, steps } }).filter((branch) => branch.startsWith("each: "));
    };
    expect(loopOver("[1, 2, 3]")).toEqual(["each: ran", "each: items"]);
    expect(loopOver("[]")).toEqual(["each: ran", "each: items", "each: empty"]);
    expect(loopOver("steps.nodes.sealed_nodes + [1]")).toEqual(["each: ran", "each: items", "each: empty"]);
  });
});

describe("coverageOf", () => {
  it("says which branches a test took, and which it did not", async () => {
    const suite = await handOverTests();
    const { coverage } = await rehearse(suite, {
      crashEverywhere: false,
      wanted: (name) => name === "two nodes are silent, one of them only for a moment",
    });
    expect(coverage.taken).toEqual([
      "why: ran",
      "why: answered",
      "look: ran",
      "nodes: ran",
      "each: ran",
      "each: items",
      "each.again: ran",
      "each.again: as expected",
      "each.again: otherwise",
      "each.told: ran",
      "each.told: not needed",
      "each.told: done",
      "let_go: not needed",
      "other: not needed",
      "done: ran",
    ]);
    expect([...coverage.taken, ...coverage.missed].sort()).toEqual([...branchesOf(suite.entry)].sort());
  });
});
