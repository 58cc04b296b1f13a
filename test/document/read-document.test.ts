import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { z } from "zod";
import { parseYaml } from "../../src/document/parse-yaml.ts";
import { readDocument } from "../../src/document/read-document.ts";

const schema = z.strictObject({
  name: z.string(),
  size: z.int().min(1).max(9).default(3),
  tags: z.array(z.string()).max(2).default([]),
  of: z.union([z.string(), z.strictObject({ deep: z.boolean() })]).optional(),
});

function findings(text: string): readonly string[] {
  const reading = readDocument({ file: "f", text, schema });
  return reading.ok ? [] : reading.findings.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("readDocument", () => {
  it("gives the value with defaults", () => {
    expect(readDocument({ file: "f", text: "name: a", schema })).toMatchObject({
      ok: true,
      value: { name: "a", size: 3 },
    });
  });

  it.each([
    { name: "an empty value", text: "name:\n", says: ['1:1 "name" is empty; it must be text'] },
    { name: "a large number", text: "name: a\nsize: 10\n", says: ['2:7 "size" must be at most 9'] },
    { name: "a fraction", text: "name: a\nsize: 1.5\n", says: ['2:7 "size" must be a whole number, not 1.5'] },
    { name: "a long list", text: "name: a\ntags: [a, b, c]\n", says: ['2:7 "tags" must have at most 2 items'] },
    {
      name: "an item of a list",
      text: "name: a\ntags:\n  - a\n  - 7\n",
      says: ['4:5 item 2 of "tags" must be text, not a number'],
    },
    {
      name: "a choice that nothing fits",
      text: "name: a\nof: 7\n",
      says: ['2:5 "of" must be text or a map, not a number'],
    },
    {
      name: "a value behind an alias",
      text: "name: &a {}\nof: *a\n",
      says: ['1:10 "name" must be text, not a map', '2:1 "deep" is missing; it must be true or false'],
    },
    { name: "a tag that YAML does not know", text: "name: !secret a\n", says: ["1:7 unresolved tag: !secret"] },
    {
      name: "a key that JavaScript objects have by themselves",
      text: "name: a\nconstructor: b\n__proto__: c\n",
      says: [
        '2:1 unknown key "constructor"; known: name, of, size, tags',
        '3:1 unknown key "__proto__"; known: name, of, size, tags',
      ],
    },
  ])("places and words $name", ({ text, says }) => {
    expect(findings(text)).toEqual(says);
  });

  it("redacts what looks like a secret where it repeats a name", () => {
    const token = `hvs.${"CAESIJ".repeat(5)}`;
    expect(JSON.stringify(findings(`name: a\n${token}: b\n`))).not.toContain("CAESIJ");
  });

  it("places every finding inside the file, whatever the file", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue().map((value) => stringify(value)),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          const reading = readDocument({ file: "f", text, schema });
          if (reading.ok) return;
          const lines = text.split("\n");
          for (const { line, column } of reading.findings) {
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("positions", () => {
  const place = (text: string, offset: number): string => {
    const yaml = parseYaml("f", text);
    if (!yaml.ok) throw new Error("not YAML");
    const { line, column } = yaml.positions.at(["a"], { offset });
    return text.split("\n")[line - 1]?.slice(column - 1, column + 1) ?? "";
  };

  it.each([
    { name: "plain text", text: "a: some words", offset: 5 },
    { name: "single quotes", text: "a: 'some words'", offset: 5 },
    { name: "double quotes", text: 'a: "some words"', offset: 5 },
    { name: "a block", text: "a: |\n    some\n    words\nb: 1\n", offset: 5 },
    { name: "a block without its last newline", text: "a: |-\n  some\n  words", offset: 5 },
    { name: "a block with inner indentation", text: "a: |\n  some\n    words\n", offset: 7 },
  ])("find a character in $name", ({ text, offset }) => {
    expect(place(text, offset)).toBe("wo");
  });

  it.each([
    { name: "escapes", text: 'a: "so\\u006De words"', offset: 5, begins: '"s' },
    { name: "folded lines", text: "a: >\n  some\n  words\n", offset: 5, begins: ">" },
  ])("fall back to the beginning for $name", ({ text, offset, begins }) => {
    expect(place(text, offset)).toBe(begins);
  });
});
