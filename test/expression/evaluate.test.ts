import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { compileExpression, type Expression } from "../../src/expression/compile-expression.ts";
import { evaluate, evaluateCondition } from "../../src/expression/evaluate.ts";
import { FUNCTIONS, METHODS } from "../../src/expression/syntax-tree.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { Json } from "../../src/lib/json.ts";
import { scope, values } from "./scope.ts";

function compile(text: string, expected: "bool" | "any" = "any"): Expression {
  const compiled = compileExpression(text, scope, expected);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.expression;
}

function failureOf(text: string, held: { readonly [name: string]: Json }, expected: "bool" | "any" = "any"): string {
  try {
    evaluate(compile(text, expected), held);
  } catch (error) {
    if (error instanceof FailureError && error.reason === "invalid-answer") return error.message;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("evaluate", () => {
  it.each<{ name: string; text: string; gives: Json }>([
    { name: "a whole number", text: "result.progress + 1", gives: 3 },
    { name: "a double", text: "result.lag * 2.0", gives: 3 },
    { name: "a list", text: "result.peers.map(p, p.id)", gives: ["a", "b"] },
    { name: "an object", text: "result.peers[0]", gives: { id: "a", voter: true } },
    { name: "a map literal", text: "{'a': result.progress}", gives: { a: 2 } },
    { name: "a field of an unknown shape", text: "result.extra.deep", gives: [1, 2.5, null, "x"] },
    { name: "a key that JavaScript objects have by themselves", text: "result.byMount['constructor']", gives: 1 },
    { name: "whether a null is there", text: "has(result.type)", gives: false },
    { name: "a stand-in for a null", text: "result.?type.orValue('none')", gives: "none" },
    { name: "whether an optional field is there", text: "result.peers.map(p, has(p.voter))", gives: [true, false] },
    { name: "a number beyond what JSON numbers hold", text: "9007199254740991 + 2", gives: "9007199254740993" },
  ])("gives $name", ({ text, gives }) => {
    expect(evaluate(compile(text), values)).toEqual(gives);
  });

  it("tells a step that was skipped from one that ran", () => {
    const ran = compile("has(steps.seal) && steps.seal.type == 'shamir'", "bool");
    expect(evaluateCondition(ran, values)).toBe(true);
    expect(evaluateCondition(ran, { ...values, steps: {} })).toBe(false);
  });

  it("reads no fields that were not declared", () => {
    expect(
      evaluate(compile("result.peers[0]"), { ...values, result: { ...values.result, peers: [{ id: "a", x: 1 }] } }),
    ).toEqual({ id: "a" });
  });

  it.each([
    {
      name: "the result of a step that was skipped",
      fails: () => failureOf("steps.seal.type", { ...values, steps: {} }),
      says: 'cannot evaluate "steps.seal.type": there is no steps.seal (a step that was skipped gives nothing); ask has(steps.seal) first',
    },
    {
      name: "a value of another type",
      fails: () => failureOf("result.progress", { ...values, result: { ...values.result, progress: "two" } }),
      says: 'cannot evaluate "result.progress": result.progress is a string where int was declared',
    },
    {
      name: "a fraction where a whole number was declared",
      fails: () => failureOf("result.progress", { ...values, result: { ...values.result, progress: 1.5 } }),
      says: 'cannot evaluate "result.progress": result.progress is a number where int was declared',
    },
    {
      name: "an unknown shape that is no condition",
      fails: () => failureOf("result.extra.deep", values, "bool"),
      says: 'cannot evaluate "result.extra.deep": it gave a object where bool is wanted',
    },
    {
      name: "a division by zero",
      fails: () => failureOf("result.progress / (result.progress - 2)", values),
      says: 'cannot evaluate "result.progress / (result.progress - 2)": division by zero',
    },
    {
      name: "a number without end",
      fails: () => failureOf("1.0 / 0.0", values),
      says: 'cannot evaluate "1.0 / 0.0": the result is not a value that can be stored (a number without end, for instance)',
    },
    {
      name: "lists too long for the loops over them",
      fails: () =>
        failureOf("result.names.all(a, result.names.all(b, a <= b || a >= b))", {
          ...values,
          result: { ...values.result, names: Array.from({ length: 3000 }, () => "x") },
        }),
      says: 'cannot evaluate "result.names.all(a, result.names.all(b, a <= b || a >= b))": the lists are too long for it (3000 items in the longest)',
    },
    {
      name: "more text than anyone reads",
      fails: () => failureOf("inputs.node == ''", { ...values, inputs: { node: "x".repeat(200_001) } }),
      says: `cannot evaluate "inputs.node == ''": the values hold more than 200000 characters of text`,
    },
  ])("fails, and says why, for $name", ({ fails, says }) => {
    expect(fails()).toBe(says);
  });

  it("never repeats the value that was wrong", () => {
    const message = failureOf("result.progress", { ...values, result: { ...values.result, progress: "hunter2" } });
    expect(message).not.toContain("hunter2");
  });
});

const leaf = fc.constantFrom(
  "result.progress",
  "result.names",
  "result.peers",
  "inputs.node",
  "1",
  "'a'",
  "true",
  "p",
  "result.extra",
  "steps.seal.type",
  "result.byMount",
  "[1, 2]",
  "null",
);
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/", "%", "==", "<", "&&", "||", "in"), tie("tree"))
      .map(([left, op, right]) => `(${left} ${op} ${right})`),
    fc
      .tuple(tie("tree"), fc.constantFrom(...METHODS), fc.array(tie("tree"), { maxLength: 2 }))
      .map(([receiver, name, args]) => `${receiver}.${name}(${args.join(", ")})`),
    fc
      .tuple(tie("tree"), fc.constantFrom("map", "filter", "all", "exists"), tie("tree"))
      .map(([receiver, name, body]) => `${receiver}.${name}(p, ${body})`),
    fc.tuple(fc.constantFrom(...FUNCTIONS), tie("tree")).map(([name, argument]) => `${name}(${argument})`),
    fc.tuple(tie("tree"), tie("tree"), tie("tree")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

/** Compiles and evaluates; anything but a value, a refusal or a FailureError fails the test. */
function carryOut(text: string, held: { readonly [name: string]: Json }): "refused" | "failed" | "value" {
  const compiled = compileExpression(text, scope, "any");
  if (!compiled.ok) {
    expect(compiled.offset).toBeGreaterThanOrEqual(0);
    expect(compiled.offset).toBeLessThanOrEqual(text.length);
    return "refused";
  }
  try {
    JSON.stringify(evaluate(compiled.expression, held));
    return "value";
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return "failed";
  }
}

describe("expressions of any kind", () => {
  it("end in a value, a refusal or a failure, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void carryOut(text, values)));
  });

  it("end in a value, a refusal or a failure, whatever the tree, over long lists", () => {
    const long = { ...values.result, names: Array.from({ length: 400 }, (_, index) => `n${index}`) };
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(tree, (text) => void outcomes.add(carryOut(text, { ...values, result: long }))),
      { numRuns: 2000 },
    );
    expect([...outcomes].sort()).toEqual(["failed", "refused", "value"]);
  });

  it("end in a value or a failure, whatever the values", () => {
    const texts = [
      "result.peers.map(p, p.id).join(',')",
      "result.extra",
      "has(steps.seal)",
      "result.byMount",
      "result.?type.orValue('')",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.jsonValue(), fc.jsonValue(), (text, result, steps) => {
        const held = { ...values, result: result as Json, steps: steps as Json };
        expect(carryOut(text, held)).not.toBe("refused");
        expect(
          carryOut(text, { ...values, result: { ...values.result, extra: result as Json, byMount: steps as Json } }),
        ).not.toBe("refused");
      }),
    );
  });
});
