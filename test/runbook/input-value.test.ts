import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { defaultText, inputDefault, readInputText, readInputValue } from "../../src/runbook/input-value.ts";
import { Answer, Input } from "../../src/runbook/schema.ts";

const types = {
  text: Input.parse({ type: "string", pattern: "[A-Z]+-[0-9]+", default: "OPS-1" }),
  plain: Input.parse({ type: "string" }),
  node: Input.parse({ type: "node" }),
  choice: Input.parse({ type: "enum", options: ["fast", "slow"], default: "slow" }),
  count: Input.parse({ type: "int", min: -1, max: 9, default: 3 }),
  grace: Input.parse({ type: "duration", min: "10s", max: "1h", default: "5m" }),
  sure: Input.parse({ type: "bool", default: false }),
};
type Name = keyof typeof types;

describe("readInputText", () => {
  it.each<{ name: Name; text: string; value: unknown }>([
    { name: "text", text: "OPS-12", value: "OPS-12" },
    { name: "plain", text: " as it is ", value: " as it is " },
    { name: "node", text: " vault-0 ", value: "vault-0" },
    { name: "choice", text: "fast", value: "fast" },
    { name: "count", text: "9", value: 9 },
    { name: "count", text: " +3 ", value: 3 },
    { name: "count", text: "-1", value: -1 },
    { name: "grace", text: "5m", value: 300 },
    { name: "grace", text: "1m30s", value: 90 },
    { name: "sure", text: "Yes", value: true },
    { name: "sure", text: "false", value: false },
  ])("reads $text as $name", ({ name, text, value }) => {
    expect(readInputText(types[name], text)).toEqual({ ok: true, value });
  });

  it.each<{ name: Name; text: string; why: string }>([
    { name: "text", text: "x", why: "does not fit the pattern [A-Z]+-[0-9]+" },
    { name: "plain", text: "x".repeat(201), why: "is longer than 200 characters" },
    { name: "node", text: " ", why: "must not be empty" },
    { name: "choice", text: "fats", why: 'must be one of fast, slow; did you mean "fast"?' },
    { name: "choice", text: "constructor", why: "must be one of fast, slow" },
    { name: "count", text: "10", why: "must be at most 9" },
    { name: "count", text: "-2", why: "must be at least -1" },
    { name: "count", text: "1e3", why: "must be a whole number" },
    { name: "count", text: "", why: "must be a whole number" },
    { name: "count", text: "9".repeat(30), why: "must be a whole number" },
    { name: "grace", text: "5", why: "must be a time with its unit, like 30s, 5m or 1h30m" },
    { name: "grace", text: "1s", why: "must be at least 10s" },
    { name: "grace", text: "2h", why: "must be at most 1h" },
    { name: "grace", text: "10500ms", why: "must be whole seconds" },
    { name: "sure", text: "1", why: "must be yes or no" },
  ])("refuses $text as $name", ({ name, text, why }) => {
    expect(readInputText(types[name], text)).toEqual({ ok: false, why });
  });

  it("never throws and never repeats what was given, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(types)),
        fc.string({ unit: "binary", minLength: 9 }),
        (spec, text) => {
          const reading = readInputText(spec, text);
          if (!reading.ok) expect(reading.why).not.toContain(text);
        },
      ),
    );
  });
});

describe("readInputValue", () => {
  it.each<{ name: Name; value: string | number | boolean; read: unknown }>([
    { name: "count", value: 3, read: 3 },
    { name: "grace", value: 90, read: 90 },
    { name: "grace", value: "90s", read: 90 },
    { name: "sure", value: true, read: true },
    { name: "choice", value: "fast", read: "fast" },
  ])("takes $value as $name", ({ name, value, read }) => {
    expect(readInputValue(types[name], value)).toEqual({ ok: true, value: read });
  });

  it.each<{ name: Name; value: string | number | boolean | null; why: string }>([
    { name: "count", value: "3", why: "must be a whole number" },
    { name: "count", value: 1.5, why: "must be a whole number" },
    { name: "grace", value: true, why: "must be a time like 30s or 5m" },
    { name: "grace", value: -5, why: "must not be negative" },
    { name: "sure", value: "yes", why: "must be true or false" },
    { name: "node", value: 3, why: "must be text" },
    { name: "plain", value: null, why: "must be text" },
  ])("refuses $value as $name", ({ name, value, why }) => {
    expect(readInputValue(types[name], value)).toEqual({ ok: false, why });
  });

  it("refuses a negative time that has no bounds", () => {
    expect(readInputValue(Answer.parse({ type: "duration" }), -1)).toEqual({ ok: false, why: "must not be negative" });
  });

  it("takes every default that the linter lets pass, as text and as a value", () => {
    for (const spec of Object.values(types)) {
      const value = inputDefault(spec);
      if (value === undefined) continue;
      expect(readInputValue(spec, value)).toEqual({ ok: true, value });
      expect(readInputText(spec, defaultText(spec) ?? "")).toEqual({ ok: true, value });
    }
  });
});

describe("inputDefault", () => {
  it("gives the form that expressions read: whole seconds for a duration", () => {
    expect(inputDefault(types.grace)).toBe(300);
    expect(inputDefault(types.sure)).toBe(false);
    expect(inputDefault(types.choice)).toBe("slow");
    expect(inputDefault(types.node)).toBeUndefined();
  });
});
