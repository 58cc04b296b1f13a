import { describe, expect, it } from "@jest/globals";
import { elementTypeOf, valueTypeOf } from "../../src/expression/cel-type.ts";
import { compileExpression } from "../../src/expression/compile-expression.ts";
import { evaluate, evaluateList } from "../../src/expression/evaluate.ts";
import type { Scope } from "../../src/expression/types.ts";

const peer = { object: { id: "string", voter: "bool", tags: { list: "string" } } } as const;
const scope: Scope = {
  steps: {
    object: {
      raft: { object: { peers: { list: peer }, by_zone: { map: { list: peer } }, raw: "any", rows: { list: "any" } } },
    },
  },
};

function typeOf(text: string): string {
  const compiled = compileExpression(text, scope, "any");
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.expression.type;
}

describe("valueTypeOf", () => {
  it.each([
    { text: "1 + 1", type: "int" },
    { text: "'a'", type: "string" },
    { text: "steps.raft.peers", type: { list: peer } },
    { text: "steps.raft.peers.filter(p, p.voter)", type: { list: peer } },
    { text: "steps.raft.peers[0]", type: peer },
    { text: "steps.raft.by_zone['a']", type: { list: peer } },
    { text: "steps.raft.by_zone", type: { map: { list: peer } } },
    { text: "steps.raft.peers.map(p, p.tags)", type: { list: { list: "string" } } },
    { text: "steps.raft.raw", type: "any" },
    { text: "steps.raft.rows", type: { list: "any" } },
    { text: "[1, 2].map(i, i > 1)", type: { list: "bool" } },
  ])("reads the type of $text", ({ text, type }) => {
    expect(valueTypeOf(typeOf(text), scope)).toEqual(type);
  });
});

describe("elementTypeOf", () => {
  it("gives what a list holds, and any for what is no list", () => {
    expect(elementTypeOf(typeOf("steps.raft.peers"), scope)).toEqual(peer);
    expect(elementTypeOf(typeOf("['a']"), scope)).toBe("string");
    expect(elementTypeOf(typeOf("[]"), scope)).toBe("any");
    expect(elementTypeOf(typeOf("steps.raft.raw"), scope)).toBe("any");
  });

  it.each(["p", "peer", "x1"])("gives a type that the item of a loop can be declared with, called %s", (name) => {
    const item = elementTypeOf(typeOf("steps.raft.peers"), scope);
    const inner: Scope = { [name]: item, ...scope };
    const compiled = compileExpression(`${name}.tags.exists(t, t == ${name}.id)`, inner, "bool");
    expect(
      compiled.ok && evaluate(compiled.expression, { [name]: { id: "a", voter: true, tags: ["a"] }, steps: {} }),
    ).toBe(true);
    expect(compileExpression(`${name}.nam`, inner, "any")).toMatchObject({
      message: `"${name}" has no "nam"; known: id, tags, voter`,
    });
  });
});

describe("evaluateList", () => {
  it("gives a list as JSON", () => {
    const compiled = compileExpression("steps.raft.peers.filter(p, p.voter)", scope, "list");
    const peers = [
      { id: "a", voter: true, tags: [] },
      { id: "b", voter: false, tags: [] },
    ];
    expect(compiled.ok && evaluateList(compiled.expression, { steps: { raft: { peers } } })).toEqual([peers[0]]);
  });

  it("refuses what turns out to be no list, and more than it may look at", () => {
    const raw = compileExpression("steps.raft.raw", scope, "list");
    if (!raw.ok) throw new Error(raw.message);
    expect(() => evaluateList(raw.expression, { steps: { raft: { raw: "text" } } })).toThrow(
      "it gave a string where list is wanted",
    );
    const heavy = "steps.raft.rows.filter(a, steps.raft.rows.exists(b, b == a))";
    const nested = compileExpression(heavy, scope, "list");
    if (!nested.ok) throw new Error(nested.message);
    const rows = Array.from({ length: 2000 }, (_, index) => index);
    expect(() => evaluateList(nested.expression, { steps: { raft: { rows } } })).toThrow(
      "the lists are too long for it",
    );
  });
});
