import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in loops. */
export const loops: readonly InvalidRunbook[] = [
  {
    name: "invalid-loop-after-the-end",
    findings: ['14:9: step "b" can never run: step "a" always ends the run (unreachable-step)'],
  },
  { name: "invalid-loop-duplicate-id", findings: ['14:42: step 1 has the id "a" already (duplicate-step-id)'] },
  {
    name: "invalid-loop-duplicate-inside",
    findings: ['13:9: step 2 of "rolling" has the id "b" already (duplicate-step-id)'],
  },
  {
    name: "invalid-loop-empty",
    findings: ['11:14: the steps of "rolling" can never run: the list has no items (unreachable-step)'],
  },
  {
    name: "invalid-loop-hides-inputs",
    findings: ['12:9: "inputs" is what expressions read already; choose another name (loop-name)'],
  },
  {
    name: "invalid-loop-hides-loop",
    findings: ['13:9: "item" is the item of the loop "outer" around this; choose another name with "as" (loop-name)'],
  },
  {
    name: "invalid-loop-item-after",
    findings: ['15:13: say: unknown name "letter"; known: inputs, steps (expression-type)'],
  },
  {
    name: "invalid-loop-item-field",
    findings: ['15:35: say: "peer" has no "name"; known: id, voter (expression-type)'],
  },
  {
    name: "invalid-loop-not-a-list",
    findings: ["13:14: forEach: gives double, but a list is wanted here (expression-type)"],
  },
  {
    name: "invalid-loop-of-itself",
    findings: [
      '12:30: steps.rolling is read before it exists: step "rolling" does not come earlier (use-before-exists)',
    ],
  },
  {
    name: "invalid-loop-reserved",
    findings: ['12:9: "while" is a word of the expression language; choose another name (reserved-name)'],
  },
  {
    name: "invalid-loop-result-after",
    findings: [
      '14:13: steps.peers cannot be read here: step "peers" is inside the loop "rolling", of which only steps.rolling is left (use-before-exists)',
    ],
  },
  {
    name: "invalid-loop-step-of-no-kind",
    findings: [
      '12:13: item 1 of "steps" must be a step: a map with an id and one of check, wait, do, ask, manual, say, include, forEach (did you mean "check" by "chek"?) (invalid-value)',
    ],
  },
  {
    name: "invalid-loop-too-deep",
    findings: ["23:26: loops may be nested 3 deep, and this is 4 deep (loop-too-deep)"],
  },
  {
    name: "invalid-loop-unknown-check",
    findings: ['12:29: there is no check "vault.raft-peer"; did you mean "vault.raft-peers"? (unknown-action)'],
  },
  { name: "invalid-loop-unknown-key", findings: ['12:5: unknown key "in"; did you mean "id"? (unknown-key)'] },
  { name: "invalid-loop-without-steps", findings: ['12:12: "steps" must have at least 1 item (invalid-value)'] },
];
