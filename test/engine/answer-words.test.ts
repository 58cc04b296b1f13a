import { describe, expect, it } from "@jest/globals";
import { answerWords } from "../../src/engine/answer-words.ts";
import type { Answer } from "../../src/runbook/schema.ts";

const cases: readonly { answer: Answer; words: string }[] = [
  { answer: { type: "enum", options: ["dark", "lit"] }, words: "one of dark, lit" },
  { answer: { type: "bool" }, words: "yes or no" },
  { answer: { type: "node" }, words: "the name of a node" },
  { answer: { type: "int" }, words: "a whole number" },
  { answer: { type: "int", min: 1, max: 5 }, words: "a whole number from 1 to 5" },
  { answer: { type: "int", min: 0 }, words: "a whole number of at least 0" },
  { answer: { type: "duration", max: 3_600_000 }, words: "a time like 30s or 5m of at most 1h" },
  { answer: { type: "string" }, words: "text" },
  { answer: { type: "string", pattern: "[a-z]+" }, words: "text that fits [a-z]+" },
];

describe("answerWords", () => {
  it.each(cases)("says $words", ({ answer, words }) => {
    expect(answerWords(answer)).toBe(words);
  });
});
