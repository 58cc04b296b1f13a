import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { renderCommand } from "../../src/expression/render-command.ts";
import { splitTemplate } from "../../src/expression/split-template.ts";
import {
  compileTemplate,
  renderTemplate,
  renderText,
  renderValue,
  type Template,
} from "../../src/expression/template.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { scope, values } from "./scope.ts";

function compile(text: string): Template {
  const compiled = compileTemplate(text, scope);
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
  return compiled.template;
}

describe("renderTemplate", () => {
  it.each([
    { name: "text without expressions", text: "plain $5 {x}", gives: "plain $5 {x}" },
    { name: "expressions in text", text: "${result.progress} of ${inputs.node}!", gives: "2 of vault-2!" },
    { name: "escaped braces", text: "$${x} ${inputs.node}", gives: "${x} vault-2" },
    { name: "lists", text: "${result.peers.map(p, p.id)}", gives: "a, b" },
    { name: "braces and quotes inside an expression", text: "${{'a}': 'x\"}'}['a}']}", gives: 'x"}' },
    { name: "truth", text: "${result.sealed}", gives: "true" },
  ])("writes $name", ({ text, gives }) => {
    expect(renderTemplate(compile(text), values)).toBe(gives);
  });

  it("does not look for expressions in the values", () => {
    const held = { ...values, inputs: { node: "${result.progress} $${x}" } };
    expect(renderTemplate(compile("<${inputs.node}>"), held)).toBe("<${result.progress} $${x}>");
  });

  it("fails when a value is absent, where renderText goes on", () => {
    const template = compile("type ${steps.seal.type}.");
    expect(() => renderTemplate(template, { ...values, steps: {} })).toThrow(FailureError);
    expect(renderText(template, { ...values, steps: {} })).toBe("type (unknown).");
  });
});

describe("renderValue", () => {
  it.each([
    { name: "keeps the type of a lone expression", text: "${result.progress}", gives: 2 },
    { name: "gives text for anything else", text: " ${result.progress}", gives: " 2" },
    { name: "gives text without expressions", text: "x", gives: "x" },
  ])("$name", ({ text, gives }) => {
    expect(renderValue(compile(text), values)).toBe(gives);
  });
});

describe("renderCommand", () => {
  it.each([
    { name: "leaves plain values alone", node: "vault-2.example:8200/x", gives: "run vault-2.example:8200/x" },
    { name: "quotes what a shell would read", node: "a; reboot $(b) `c`", gives: "run 'a; reboot $(b) `c`'" },
    { name: "quotes quotes", node: "it's", gives: String.raw`run 'it'\''s'` },
    { name: "quotes nothing as an argument of its own", node: "", gives: "run ''" },
  ])("$name", ({ node, gives }) => {
    expect(renderCommand(compile("run ${inputs.node}"), { ...values, inputs: { node } })).toBe(gives);
  });

  it.each([
    { name: "an option", node: "-force" },
    { name: "a second line", node: "a\nreboot" },
    { name: "text that reads backwards", node: "a\u202Eb" },
  ])("refuses $name", ({ node }) => {
    expect(() => renderCommand(compile("run ${inputs.node}"), { ...values, inputs: { node } })).toThrow(
      'cannot write the command with the value of "inputs.node"',
    );
  });
});

describe("compileTemplate", () => {
  it("gives all problems at once, each where it stands", () => {
    expect(compileTemplate("${inputs.nod} and ${result} and ${open", scope)).toEqual({
      ok: false,
      problems: [
        { message: '"inputs" has no "nod"; did you mean "node"?', offset: 9 },
        { message: "gives result, which cannot be written as text", offset: 20 },
        { message: 'a "${" is never closed; write "$${" for the characters themselves', offset: 32 },
      ],
    });
  });

  it("never throws, for any text and any values", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("${", "}", "$${", "${inputs.node}", "'", '"', "{", "\\"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string({ unit: "binary" }), (pieces, node) => {
        const text = pieces.join("");
        const compiled = compileTemplate(text, scope);
        if (!compiled.ok) return;
        const written = renderText(compiled.template, { ...values, inputs: { node } });
        if (!text.includes("$")) expect(written).toBe(text);
      }),
    );
  });
});

describe("splitTemplate", () => {
  it("loses no character", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", "'", "a", "\\") }), (text) => {
        const joined = splitTemplate(text).map((part) => {
          if (part.kind === "text") return part.text.replaceAll("${", () => "$${");
          return part.kind === "open" ? text.slice(part.offset) : `\${${part.text}}`;
        });
        expect(joined.join("")).toBe(text);
      }),
    );
  });
});
