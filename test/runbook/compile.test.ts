import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { evaluateCondition } from "../../src/expression/evaluate.ts";
import { renderCommand } from "../../src/expression/render-command.ts";
import { renderTemplate, renderText } from "../../src/expression/template.ts";
import { compileRunbook } from "../../src/runbook/compile.ts";
import { renderWith, type CompiledStep } from "../../src/runbook/compiled.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import type { Runbook } from "../../src/runbook/schema.ts";
import { declarations } from "./declarations.ts";

const runbook = load("valid-sealed-node");
const seal = { sealed: true, type: "shamir", progress: 1, threshold: 3, address: "https://vault-2:8200" };
const values = { inputs: { cluster: "prod", node: "vault-2", reason: "none" }, steps: { seal } };

function load(name: string): Runbook {
  const parsing = parseRunbook(
    name,
    readFileSync(new URL(`../fixtures/runbooks/${name}.yaml`, import.meta.url), "utf8"),
  );
  if (!parsing.ok) throw new Error(`${name} does not parse`);
  return parsing.parsed.runbook;
}

function step<K extends CompiledStep["kind"]>(kind: K, id: string): Extract<CompiledStep, { kind: K }> {
  const compilation = compileRunbook(runbook, declarations);
  if (!compilation.ok) throw new Error("the runbook does not compile");
  const found = compilation.compiled.steps.get(id);
  if (found?.kind !== kind) throw new Error(`no ${kind} step ${id}`);
  return found as Extract<CompiledStep, { kind: K }>;
}

describe("compileRunbook", () => {
  it("gives a check its call, its expectation and what is said otherwise", () => {
    const compiled = step("check", "seal");
    expect(compiled.call).toBe("vault.seal-status");
    expect(renderWith(compiled.with, values)).toEqual({ node: "vault-2" });
    expect(compiled.expect && evaluateCondition(compiled.expect, { ...values, result: seal })).toBe(true);
    expect(compiled.otherwise?.finish).toBe("resolved");
    expect(compiled.otherwise && renderText(compiled.otherwise.say, values)).toBe("`vault-2` is not sealed any more.");
  });

  it("keeps the type of a value that a template is as a whole", () => {
    const compiled = step("do", "restart");
    expect(renderWith(compiled.with, values)).toEqual({ node: "vault-2", grace: 1, force: false });
    expect(compiled.gate).toEqual({ approvals: 1, expires: 1_800_000 });
  });

  it("gives a wait its times in milliseconds, with the defaults", () => {
    expect(step("wait", "unsealed")).toMatchObject({ everyMs: 5000, timeoutMs: 300_000 });
  });

  it("gives a manual step its text, its commands and its watch", () => {
    const compiled = step("manual", "shares");
    expect(renderTemplate(compiled.text, values)).toBe("Give key shares to vault-2.\nIt wants 2 more.\n");
    expect(compiled.commands.map((command) => renderCommand(command, values))).toEqual([
      "vault operator unseal -address=https://vault-2:8200",
    ]);
    const progress = compiled.watch?.progress;
    expect(progress && renderText(progress, { ...values, result: seal })).toBe("1 of 3 key shares");
  });

  it("lets a condition ask whether a step was skipped", () => {
    const { when } = step("check", "peers");
    expect(when && evaluateCondition(when, values)).toBe(true);
    expect(when && evaluateCondition(when, { ...values, steps: {} })).toBe(false);
  });

  it("refuses a stored runbook whose check this version does not have", () => {
    const nothing = { checks: new Map(), actions: new Map() };
    expect(compileRunbook(runbook, nothing)).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([{ path: ["steps", 0], message: 'there is no check "vault.seal-status"' }]),
    });
  });
});
