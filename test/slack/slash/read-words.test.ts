import { describe, expect, it } from "@jest/globals";
import { readWords } from "../../../src/slack/slash/read-words.ts";

describe("the words behind /vault", () => {
  it.each([
    { name: "nothing", text: "", words: [] },
    { name: "spaces alone", text: "  \u00A0 \t ", words: [] },
    { name: "plain words", text: "status prod", words: ["status", "prod"] },
    { name: "spaces that do not break", text: "status\u00A0prod", words: ["status", "prod"] },
    { name: "characters without a width", text: "sta\u200Btus \uFEFFprod", words: ["status", "prod"] },
    { name: "a person as Slack wraps them", text: "run <@U0BOB|bob>", words: ["run", "bob"] },
    { name: "a person without a name", text: "run <@U0BOB>", words: ["run", "U0BOB"] },
    { name: "a channel as Slack wraps it", text: "status <#C0PROD|prod>", words: ["status", "prod"] },
    {
      name: "a host that Slack takes for an address",
      text: "x node=<http://vault-0.example.com|vault-0.example.com>",
      words: ["x", "node=vault-0.example.com"],
    },
    {
      name: "a bare address",
      text: "run <https://sealwatch.example/runs/R1>",
      words: ["run", "https://sealwatch.example/runs/R1"],
    },
    { name: "mail", text: "<mailto:a@b.example|a@b.example>", words: ["a@b.example"] },
    { name: "escaped characters", text: "x why=a&amp;b", words: ["x", "why=a&b"] },
    { name: "a mention of everybody, as it is", text: "status <!channel>", words: ["status", "<!channel>"] },
    {
      name: "two hyphens that became a dash",
      text: "x \u2014dry-run \u2013drill",
      words: ["x", "--dry-run", "--drill"],
    },
    { name: "one hyphen", text: "x -dry-run", words: ["x", "--dry-run"] },
    { name: "a negative number", text: "x count=-3 -3", words: ["x", "count=-3", "-3"] },
    {
      name: "hyphens of other kinds in a name",
      text: "sealed\u2011node vault\u20130",
      words: ["sealed-node", "vault-0"],
    },
    { name: "quotes", text: 'x why="disk is full" now', words: ["x", "why=disk is full", "now"] },
    { name: "curly quotes", text: "x why=\u201Cdisk is full\u201D", words: ["x", "why=disk is full"] },
    { name: "single curly quotes", text: "x \u2018two words\u2019", words: ["x", "two words"] },
    { name: "an apostrophe", text: "x why=don\u2019t", words: ["x", "why=don't"] },
    { name: "a quote that nobody closed", text: 'x why="disk is full', words: ["x", "why=disk is full"] },
    { name: "an empty value", text: "x why=", words: ["x", "why="] },
    { name: "an empty quoted value", text: 'x why=""', words: ["x", "why="] },
    { name: "a quote alone", text: "x '", words: ["x"] },
    { name: "quotes with nothing between", text: `"" x '' "`, words: ["x"] },
    { name: "equals signs in a value", text: "x why=a=b", words: ["x", "why=a=b"] },
    { name: "other scripts", text: "status Größe 生产", words: ["status", "Größe", "生产"] },
  ])("are read as they were meant: $name", ({ text, words }) => {
    expect(readWords(text)).toEqual(words);
  });

  it("are read in a time that grows with the text, whatever it is", () => {
    for (const text of [
      '"'.repeat(3000),
      "<@".repeat(1500),
      "=".repeat(3000),
      `a="${" ".repeat(3000)}`,
      "<http:a|".repeat(400),
    ])
      expect(readWords(text).join("").length).toBeLessThanOrEqual(text.length);
  });
});
