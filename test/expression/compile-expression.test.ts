import { describe, expect, it } from "@jest/globals";
import { compileExpression } from "../../src/expression/compile-expression.ts";
import { scope } from "./scope.ts";

describe("compileExpression", () => {
  it.each([
    { name: "a field", text: "result.sealed", expected: "bool", type: "bool" },
    { name: "arithmetic of whole numbers", text: "result.progress + 1", expected: "any", type: "int" },
    { name: "an element of a list", text: "result.peers[0].id", expected: "string", type: "string" },
    { name: "a loop", text: "result.peers.filter(p, p.voter).map(p, p.id)", expected: "any", type: "list<string>" },
    {
      name: "a question for presence",
      text: "has(steps.seal) && has(steps.seal.type)",
      expected: "bool",
      type: "bool",
    },
    { name: "a value that may be absent", text: "result.?type.orValue('none')", expected: "string", type: "string" },
    { name: "a comparison of int with double", text: "result.progress > result.lag", expected: "bool", type: "bool" },
    { name: "a value of which nothing is known", text: "result.extra.anything", expected: "bool", type: "dyn" },
    { name: "a map", text: "result.byMount['kv/'] > 3", expected: "bool", type: "bool" },
  ] as const)("takes $name", ({ text, expected, type }) => {
    const compiled = compileExpression(text, scope, expected);
    expect(compiled).toMatchObject({ ok: true, expression: { text, type } });
  });

  it.each([
    { name: "nothing", text: "  ", message: "an expression is missing", offset: 0 },
    { name: "a syntax error", text: "1 +", message: "it ends too early", offset: 2 },
    {
      name: "an unknown field",
      text: "result.sealled",
      message: '"result" has no "sealled"; did you mean "sealed"?',
      offset: 7,
    },
    {
      name: "an unknown variable",
      text: "input.node",
      message: 'unknown name "input"; did you mean "inputs"?',
      offset: 0,
    },
    {
      name: "a field unknown in a loop",
      text: "result.peers.exists(p, p.vote)",
      message: "no such key: vote",
      offset: 25,
    },
    {
      name: "a field unknown inside has()",
      text: "has(steps.seal.tipe)",
      message: '"steps.seal" has no "tipe"; did you mean "type"?',
      offset: 15,
    },
    { name: "a computed field", text: "steps[inputs.node]", message: 'read the fields of "steps" by name', offset: 0 },
    {
      name: "text where a condition is wanted",
      text: "inputs.node",
      message: "gives string, but true or false is wanted here",
      offset: 0,
    },
    {
      name: "a condition of the wrong type",
      text: "inputs.node ? true : false",
      message: "ternary condition must be bool, got 'string'",
      offset: 7,
    },
    {
      name: "an unknown function",
      text: "sized(inputs.node) > 1",
      message: 'unknown function "sized"; did you mean "size"?',
      offset: 0,
    },
    {
      name: "an unknown method",
      text: "inputs.node.startWith('a')",
      message: 'unknown method "startWith"; did you mean "startsWith"?',
      offset: 0,
    },
    { name: "a binding", text: "cel.bind(a, inputs.node, true)", message: 'unknown method "bind"', offset: 0 },
    {
      name: "the clock",
      text: "timestamp('2026-01-01T00:00:00Z') == timestamp(0)",
      message: 'unknown function "timestamp"',
      offset: 0,
    },
    {
      name: "an unsigned number",
      text: "1u == 1u",
      message: "bytes and unsigned numbers are not available",
      offset: 0,
    },
    {
      name: "deep nesting",
      text: `${"(".repeat(100)}true${")".repeat(100)}`,
      message: "exceeded maxDepth (24)",
      offset: 24,
    },
    {
      name: "many nodes",
      text: Array.from({ length: 220 }, () => "1").join("+"),
      message: "exceeded maxAstNodes (400)",
      offset: 0,
    },
    {
      name: "long text",
      text: `'${"a".repeat(1000)}' == ''`,
      message: "longer than 1000 characters; split it over several steps",
      offset: 0,
    },
  ])("refuses $name", ({ text, message, offset }) => {
    const compiled = compileExpression(text, scope, "bool");
    expect(compiled).toEqual({ ok: false, message: expect.stringContaining(message), offset });
  });
});
