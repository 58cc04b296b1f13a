import { describe, expect, it } from "@jest/globals";
import { references, stepReferences } from "../../src/expression/references.ts";

describe("references", () => {
  it.each([
    { name: "chains at their longest", text: "a.b.c + d", paths: ["a.b.c", "d"] },
    { name: "fields by brackets and questions", text: "a['b'].?c", paths: ["a.b.c"] },
    { name: "what a loop reads, but not its own name", text: "a.b.map(p, p.x + c.d)", paths: ["a.b", "c.d"] },
    { name: "what has() asks for", text: "has(steps.x.y)", paths: ["steps.x.y"] },
    { name: "the fixed part of a computed chain", text: "a.b[c].d", paths: ["a.b", "c"] },
    { name: "nothing in a constant", text: "1 + 2 > 2", paths: [] },
    { name: "nothing in what does not parse", text: "a.b +", paths: [] },
  ])("lists $name", ({ text, paths }) => {
    expect(references(text).map(({ path }) => path.join("."))).toEqual(paths);
  });
});

describe("stepReferences", () => {
  it("lists the steps that are read, with where", () => {
    expect(stepReferences("inputs.x == 'a' && has(steps.seal) && steps.peers.n > 1")).toEqual([
      { step: "seal", offset: 23 },
      { step: "peers", offset: 38 },
    ]);
  });
});
