import { describe, expect, it } from "@jest/globals";
import { patternRisk } from "../../src/runbook/pattern-risk.ts";

describe("patternRisk", () => {
  it.each([
    "[A-Z]+-[0-9]+",
    "[a-z0-9]+(-[a-z0-9]+)*",
    "[a-z]+(?:[.][a-z]+)*",
    String.raw`[a-z]+(?:\.[a-z]+)*`,
    "(foo|bar)",
    "(ab)+",
    "v(?<major>[0-9]+)[.](?<minor>[0-9]+)",
    String.raw`\p{L}+`,
    "[0-9]{1,3}",
    "",
  ])("finds nothing in %s", (pattern) => {
    expect(patternRisk(pattern)).toBeUndefined();
  });

  it.each([
    { pattern: "(a+)+b", why: '"(a+)" can repeat the same text in many ways' },
    { pattern: "x((a*)*)y", why: '"(a*)" can repeat the same text in many ways' },
    { pattern: "(?:a|a)*", why: '"(?:a|a)" can repeat the same text in many ways' },
    { pattern: "(?:[a-z]+-)+", why: '"(?:[a-z]+-)" can repeat the same text in many ways' },
    { pattern: "(-[a-z-]+)*", why: '"(-[a-z-]+)" can repeat the same text in many ways' },
    { pattern: "([(]a+[)]|b)+", why: '"([(]a+[)]|b)" can repeat the same text in many ways' },
    { pattern: "(a{1,50}){10,}", why: '"(a{1,50})" can repeat the same text in many ways' },
    { pattern: "((ab)+)*", why: '"((ab)+)" can repeat the same text in many ways' },
    { pattern: ".*.*.*.*.*x", why: "it repeats more than 4 things" },
    { pattern: "(?=a+)a", why: "it looks ahead or behind" },
    { pattern: "(?<!a)b", why: "it looks ahead or behind" },
    { pattern: String.raw`(a)\1`, why: "it refers back to a group" },
    { pattern: "a".repeat(201), why: "it is longer than 200 characters" },
  ])("refuses $pattern", ({ pattern, why }) => {
    expect(patternRisk(pattern)).toBe(why);
  });
});
