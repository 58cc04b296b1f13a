import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in expressions and templates. */
export const expressions: readonly InvalidRunbook[] = [
  {
    name: "invalid-after-the-end",
    findings: ['16:5: step "b" can never run: step "seal" always ends the run (unreachable-step)'],
  },
  {
    name: "invalid-expression-loops",
    findings: ["13:75: expect: loops may be nested 2 deep, not deeper (expression-type)"],
  },
  {
    name: "invalid-expression-not-bool",
    findings: ["14:13: expect: gives int, but true or false is wanted here (expression-type)"],
  },
  {
    name: "invalid-expression-null",
    findings: [
      '14:13: expect: "int == null" is not possible; a value that may be absent is asked for with has(…) (expression-type)',
    ],
  },
  {
    name: "invalid-expression-regex",
    findings: [
      "14:13: expect: matches() is not available, because a pattern may never end; use contains(), startsWith() or endsWith() (expression-type)",
    ],
  },
  {
    name: "invalid-expression-result-in-when",
    findings: ['14:11: when: unknown name "result"; known: inputs, steps (expression-type)'],
  },
  { name: "invalid-expression-syntax", findings: ["14:29: expect: it ends too early (expression-type)"] },
  {
    name: "invalid-expression-unknown-field",
    findings: ['14:21: expect: "result" has no "sealled"; did you mean "sealed"? (expression-type)'],
  },
  {
    name: "invalid-expression-unknown-in-has",
    findings: ['14:25: expect: "result" has no "sealled"; did you mean "sealed"? (expression-type)'],
  },
  {
    name: "invalid-expression-unknown-name",
    findings: ['14:14: expect: unknown name "results"; did you mean "result"? (expression-type)'],
  },
  {
    name: "invalid-expression-unknown-optional",
    findings: ['14:22: expect: "result" has no "sealled"; did you mean "sealed"? (expression-type)'],
  },
  {
    name: "invalid-expression-wrong-type",
    findings: ['14:14: expect: "int + string" is not possible (expression-type)'],
  },
  {
    name: "invalid-never-true",
    findings: ['12:11: step "a" can never run: its condition is never true (unreachable-step)'],
  },
  {
    name: "invalid-otherwise-never",
    findings: ['15:5: "otherwise" can never happen: "expect" is always true (unreachable-step)'],
  },
  {
    name: "invalid-otherwise-without-expect",
    findings: ['14:5: "otherwise" can never happen: there is no "expect" (unreachable-step)'],
  },
  {
    name: "invalid-quoted-in-command",
    findings: ["13:16: take the quotes around ${…} away; a value is quoted when it needs it (quoted-in-command)"],
  },
  {
    name: "invalid-template-in-block",
    findings: ['14:20: say: "inputs" has no "nod"; did you mean "node"? (expression-type)'],
  },
  {
    name: "invalid-template-open",
    findings: ['12:17: say: a "${" is never closed; write "$${" for the characters themselves (expression-type)'],
  },
  {
    name: "invalid-template-optional",
    findings: [
      "15:13: say: gives a value that may be absent (optional<string>); end it with .orValue(…) (expression-type)",
    ],
  },
  {
    name: "invalid-template-type",
    findings: ["14:26: otherwise say: gives result, which cannot be written as text (expression-type)"],
  },
  {
    name: "invalid-use-before-exists",
    findings: ['12:11: steps.seal is read before it exists: step "seal" does not come earlier (use-before-exists)'],
  },
  {
    name: "invalid-use-of-itself",
    findings: ['14:13: steps.seal is read before it exists: step "seal" does not come earlier (use-before-exists)'],
  },
  {
    name: "invalid-use-of-say",
    findings: ['14:15: steps.hello never has a value: step "hello" gives none (use-before-exists)'],
  },
  {
    name: "invalid-use-of-unknown-step",
    findings: [
      '15:13: there is no step "sael"; did you mean "seal"? (use-before-exists)',
      '15:47: say: "steps.seal" has no "tipe"; did you mean "type"? (expression-type)',
    ],
  },
];
