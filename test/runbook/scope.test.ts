import { describe, expect, it } from "@jest/globals";
import { ownSteps } from "../../src/runbook/own-steps.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import { scopeOf, withResult } from "../../src/runbook/scope.ts";
import type { Scope } from "../../src/expression/types.ts";
import { declarations } from "./declarations.ts";

const runbook = Runbook.parse({
  id: "scopes",
  title: "t",
  meaning: "m",
  impact: "i",
  verify: "v",
  escalate: "e",
  inputs: {
    cluster: { type: "cluster" },
    node: { type: "node" },
    kind: { type: "enum", options: ["a"] },
    count: { type: "int" },
    grace: { type: "duration" },
    sure: { type: "bool" },
  },
  steps: [
    { id: "seal", check: "vault.seal-status", with: { node: "a" } },
    { id: "hello", say: "hello" },
    { id: "how_many", ask: "How many?", answer: { type: "int" } },
    { id: "other", include: "another" },
    {
      id: "rolling",
      forEach: "[1, 2]",
      as: "number",
      steps: [
        { id: "peers", check: "vault.raft-peers" },
        { id: "inner", forEach: "['a']", as: "letter", steps: [{ id: "deep", say: "deep" }] },
      ],
    },
    { id: "end", say: "end" },
  ],
  onCancel: {
    steps: [
      { id: "look", check: "vault.raft-peers" },
      { id: "told", say: "told" },
    ],
  },
});
const steps = ownSteps(runbook);
const loops = new Map(steps.flatMap(({ step }) => ("forEach" in step ? [[step.as, step] as const] : [])));

function scopeFor(path: string): Scope {
  const own = steps.find((step) => step.path === path);
  if (own === undefined) throw new Error(`no step ${path}`);
  const items = new Map([...loops].map(([as, step]) => [step, as === "number" ? "int" : "string"] as const));
  return scopeOf(own, { runbook, declarations, items });
}

const read = (path: string, name: "steps" | "inputs"): readonly string[] =>
  Object.keys((scopeFor(path)[name] as { object: object }).object);

describe("scopeOf", () => {
  it("gives inputs by their types: a duration is whole seconds, a choice is text", () => {
    expect(scopeFor("seal")["inputs"]).toEqual({
      object: { cluster: "string", node: "string", kind: "string", count: "int", grace: "int", sure: "bool" },
    });
  });

  it("has the results of earlier steps that give one", () => {
    expect(read("seal", "steps")).toEqual([]);
    expect(read("how_many", "steps")).toEqual(["seal"]);
    expect(read("rolling", "steps")).toEqual(["seal", "how_many", "other"]);
  });

  it("gives what was answered, how an included runbook ended, and how the rounds of a loop did", () => {
    const { object } = scopeFor("end")["steps"] as { object: Record<string, unknown> };
    expect(object["how_many"]).toEqual({ object: { answer: "int" } });
    expect(object["other"]).toEqual({ object: { result: "string" } });
    expect(object["rolling"]).toEqual({ object: { count: "int", done: "int", failed: "int", skipped: "int" } });
  });

  it("sees inside a loop what is before the loop, what is before in the round, and the items around", () => {
    expect(read("rolling.inner.deep", "steps")).toEqual(["seal", "how_many", "other", "peers"]);
    expect(scopeFor("rolling.inner.deep")).toMatchObject({ number: "int", letter: "string" });
    expect(scopeFor("rolling.inner")["letter"]).toBeUndefined();
  });

  it("sees after a loop nothing of what is inside it", () => {
    expect(read("end", "steps")).toEqual(["seal", "how_many", "other", "rolling"]);
    expect(scopeFor("end")["number"]).toBeUndefined();
  });

  it("sees in onCancel everything that the run itself left, and what was looked at since", () => {
    expect(read("$cancel.look", "steps")).toEqual(["seal", "how_many", "other", "rolling"]);
    expect(read("$cancel.told", "steps")).toEqual(["seal", "how_many", "other", "rolling", "look"]);
  });
});

describe("withResult", () => {
  const result = (path: string): unknown => {
    const own = steps.find((step) => step.path === path);
    return own && withResult(scopeFor(path), own.step, declarations)["result"];
  };

  it("adds the output of a step's check", () => {
    expect(scopeFor("seal")["result"]).toBeUndefined();
    expect(result("rolling.peers")).toMatchObject({ object: { lag: "double" } });
  });

  it("adds nothing to a step that calls nothing, whatever it gives", () => {
    expect(result("hello")).toBeUndefined();
    expect(result("how_many")).toBeUndefined();
    expect(result("rolling")).toBeUndefined();
  });
});
