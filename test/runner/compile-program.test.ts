import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import type { StepProgram } from "../../src/engine/program.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import { allSteps } from "../../src/runbook/step-path.ts";
import type { Declarations } from "../../src/runbook/declarations.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import { registriesOf, goodOutside, runbookOf } from "./runner-world.ts";

const { actions } = registriesOf(goodOutside());
const declarations: Declarations = {
  actions,
  checks: new Map([
    [
      "test.seal",
      {
        input: z.strictObject({ node: z.string(), depth: z.int().optional() }),
        output: z.object({ sealed: z.boolean(), entered: z.int(), name: z.string() }),
      },
    ],
  ]),
};

const steps = [
  {
    id: "seal",
    title: "Is ${inputs.cluster} sealed?",
    check: "test.seal",
    with: { node: "${inputs.cluster}", depth: 2 },
    expect: "result.sealed",
    shows: "${result.entered} entered",
    otherwise: { finish: "resolved", say: "${result.name} is open" },
  },
  {
    id: "enter_shares",
    when: "steps.seal.entered < 2",
    manual: "Enter at ${steps.seal.name}",
    commands: ["unseal -address=${steps.seal.name}"],
    watch: {
      check: "test.seal",
      with: { node: "b" },
      until: "!result.sealed",
      progress: "${result.entered} of 2",
      every: "2s",
    },
  },
  {
    id: "open",
    wait: "test.seal",
    with: { node: "a" },
    until: "!result.sealed",
    progress: "still ${result.entered}",
    timeout: "1m",
  },
  { id: "remove", do: "test.remove-peer" },
  { id: "bare", check: "test.seal", with: { node: "a" } },
  { id: "bye", say: "Bye from ${inputs.cluster}." },
];
const program = compileProgram(runbookOf(...steps), {}, declarations, actions);
const inputs = { cluster: "prod" };
const seal = { sealed: true, entered: 1, name: "vault 2" };
const begun = { inputs, steps: {}, items: {} };
const after = { inputs, steps: { seal }, items: {} };
const answered = { ...begun, result: seal };

describe("compileProgram", () => {
  it("compiles a check: title, inputs with their types, expectation, what it shows, what is said otherwise", () => {
    const check = stepOf("seal");
    expect(check.title(begun)).toBe("Is prod sealed?");
    expect(check.input(begun)).toEqual({ node: "prod", depth: 2 });
    expect(check.when(begun)).toBe(true);
    expect(check.condition(answered)).toBe(true);
    expect(check.condition({ ...begun, result: { ...seal, sealed: false } })).toBe(false);
    expect(check.shows?.(answered)).toBe("1 entered");
    expect(check.text(answered)).toBe("vault 2 is open");
  });

  it("compiles manual work: text, commands quoted for the shell, and its own watch", () => {
    const manual = stepOf("enter_shares");
    expect(manual.when(after)).toBe(true);
    expect(manual.when({ inputs, steps: { seal: { ...seal, entered: 2 } }, items: {} })).toBe(false);
    expect(manual.title(after)).toBe("enter shares");
    expect(manual.text(after)).toBe("Enter at vault 2");
    expect(manual.commands(after)).toEqual(["unseal -address='vault 2'"]);
    expect(manual.watch?.input(after)).toEqual({ node: "b" });
    expect(manual.watch?.until({ ...after, result: seal })).toBe(false);
    expect(manual.watch?.until({ ...after, result: { ...seal, sealed: false } })).toBe(true);
    expect(manual.shows?.({ ...after, result: seal })).toBe("1 of 2");
  });

  it("compiles a wait: its condition is `until`, its progress is what it shows", () => {
    const wait = stepOf("open");
    expect(wait.condition({ ...after, result: seal })).toBe(false);
    expect(wait.condition({ ...after, result: { ...seal, sealed: false } })).toBe(true);
    expect(wait.shows?.({ ...after, result: seal })).toBe("still 1");
  });

  it("leaves what a step does not have: no `expect` holds always, and no text is empty", () => {
    const bare = stepOf("bare");
    expect(bare.condition(answered)).toBe(true);
    expect(bare.text(answered)).toBe("");
    expect(bare.shows).toBeUndefined();
    expect(bare.watch).toBeUndefined();
    expect(bare.commands(begun)).toEqual([]);
    expect(stepOf("remove").input(begun)).toEqual({});
    expect(stepOf("bye").text(begun)).toBe("Bye from prod.");
    expect(stepOf("bye").input(begun)).toEqual({});
  });

  it("carries the facts of the actions, by which the engine asks for the gate", () => {
    expect(program.actions.get("test.remove-peer")).toMatchObject({
      danger: "destructive",
      effect: "once",
      verifyWithinMs: 5000,
    });
  });

  it("fails an expression whose step was skipped as a failure that names it", () => {
    expect(() => stepOf("enter_shares").when(begun)).toThrow(
      expect.objectContaining({
        reason: "invalid-answer",
        message: expect.stringContaining("there is no steps.seal") as unknown as string,
      }),
    );
  });

  it("refuses a stored runbook that names what this version does not have, with every problem", () => {
    const old = runbookOf({ id: "a", check: "test.gone" }, { id: "b", do: "test.gone-too" });
    const compile = (): unknown => compileProgram(old, {}, declarations, actions);
    expect(compile).toThrow(FailureError);
    expect(compile).toThrow(
      'cannot carry out runbook lost-peer: there is no check "test.gone"; there is no action "test.gone-too"',
    );
  });
});

describe("compileProgram, of blocks", () => {
  const inner = runbookWith(
    { id: "inner", inputs: { cluster: { type: "cluster" }, grace: { type: "duration" } } },
    { id: "look", check: "test.seal", with: { node: "${inputs.cluster}" }, expect: "inputs.grace > 60" },
  );
  const outer = runbookWith(
    { onCancel: { steps: [{ id: "left", say: "${has(steps.rolling) ? string(steps.rolling.done) : 'none'}" }] } },
    { id: "seal", check: "test.seal", with: { node: "a" } },
    { id: "how_many", ask: "How many of ${steps.seal.name}?", answer: { type: "int" } },
    {
      id: "rolling",
      forEach: "[steps.seal.name, 'vault 3']",
      as: "node",
      steps: [
        { id: "part", when: "steps.how_many.answer > 1", include: "inner", with: { grace: "${size(node) * 60}" } },
        { id: "told", say: "${node}: ${steps.part.result}" },
      ],
    },
    { id: "end", say: "${steps.rolling.done} of ${steps.rolling.count}" },
  );
  const nested = compileProgram(outer, { inner }, declarations, actions);
  const round = { inputs, steps: { seal, how_many: { answer: 2 } }, items: { node: "vault 2" } };

  it("has every step by its path in the text, those that are included and those of onCancel too", () => {
    expect([...nested.steps.keys()]).toEqual(allSteps({ runbook: outer, included: { inner } }).map(({ path }) => path));
    expect(nested.steps.has("rolling.part.look")).toBe(true);
  });

  it("compiles the list of a loop, and lets its steps read the item by its name", () => {
    expect(stepOf("rolling", nested).list(after)).toEqual(["vault 2", "vault 3"]);
    expect(stepOf("rolling.part", nested).when(round)).toBe(true);
    expect(stepOf("rolling.part", nested).input(round)).toEqual({ grace: 420 });
    const done = { ...round, steps: { ...round.steps, part: { result: "done" } } };
    expect(stepOf("rolling.told", nested).text(done)).toBe("vault 2: done");
    expect(stepOf("end", nested).list(after)).toEqual([]);
  });

  it("reads in an included runbook its own inputs", () => {
    const scope = { inputs: { cluster: "prod", grace: 300 }, steps: {}, items: {} };
    expect(stepOf("rolling.part.look", nested).input(scope)).toEqual({ node: "prod" });
    expect(stepOf("rolling.part.look", nested).condition({ ...scope, result: seal })).toBe(true);
  });

  it("asks its question, and tells after a loop how the rounds did", () => {
    expect(stepOf("how_many", nested).text(after)).toBe("How many of vault 2?");
    const rolling = { count: 2, done: 1, failed: 1, skipped: 0 };
    expect(stepOf("end", nested).text({ ...after, steps: { rolling } })).toBe("1 of 2");
    expect(stepOf("$cancel.left", nested).text(begun)).toBe("none");
  });

  it("refuses a runbook whose included one is not there, or names what is not there", () => {
    expect(() => compileProgram(outer, {}, declarations, actions)).toThrow('there is no runbook "inner"');
    const gone = runbookWith({ id: "inner" }, { id: "a", check: "test.gone" });
    expect(() => compileProgram(outer, { inner: gone }, declarations, actions)).toThrow(
      'cannot carry out runbook lost-peer: runbook inner: there is no check "test.gone"',
    );
  });

  it("refuses runbooks that would never end to be compiled", () => {
    const circle = runbookWith({ id: "inner" }, { id: "again", include: "inner" });
    expect(() => compileProgram(outer, { inner: circle }, declarations, actions)).toThrow(
      'runbook "inner" would include itself',
    );
    const bomb = Array.from({ length: 9 }, (_, level) =>
      runbookWith(
        { id: `b${level}` },
        ...Array.from({ length: 90 }, (_step, at) => ({ id: `s${at}`, include: `b${level + 1}` })),
      ),
    );
    const included = Object.fromEntries(bomb.map((runbook) => [runbook.id, runbook]));
    expect(() => compileProgram(runbookWith({}, { id: "a", include: "b0" }), included, declarations, actions)).toThrow(
      "too many steps are included",
    );
  });
});

function runbookWith(header: object, ...given: readonly object[]): Runbook {
  const plain = runbookOf({ id: "hello", say: "hello" });
  return Runbook.parse({ ...plain, ...header, steps: given });
}

function stepOf(id: string, held = program): StepProgram {
  const step = held.steps.get(id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step;
}
