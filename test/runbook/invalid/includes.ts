import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in runbooks that include others. */
export const includes: readonly InvalidRunbook[] = [
  {
    name: "invalid-include-broken",
    findings: ['11:14: the runbook "invalid-never-true" is not good itself; correct it first (broken-include)'],
  },
  { name: "invalid-include-circle", findings: ["11:14: the runbook would include itself (include-circle)"] },
  {
    name: "invalid-include-circle-one",
    findings: ['11:14: the runbook would include itself through "invalid-include-circle-two" (include-circle)'],
  },
  {
    name: "invalid-include-circle-two",
    findings: ['12:31: the runbook would include itself through "invalid-include-circle-one" (include-circle)'],
  },
  {
    name: "invalid-include-cluster",
    findings: ['12:28: "cluster" is always the cluster of this run; take it away (include-inputs)'],
  },
  { name: "invalid-include-constant", findings: ['12:35: "count" must be at most 9 (include-inputs)'] },
  {
    name: "invalid-include-duration",
    findings: ['12:35: "grace" must be a time with its unit, like 30s, 5m or 1h30m (include-inputs)'],
  },
  { name: "invalid-include-ending", findings: ['14:19: when: "steps.a" has no "ok"; known: result (expression-type)'] },
  { name: "invalid-include-inner-result", findings: ['14:13: there is no step "peers"; known: a (use-before-exists)'] },
  {
    name: "invalid-include-missing-input",
    findings: ['11:14: the runbook "valid-inputs" needs "node" under "with" (include-inputs)'],
  },
  {
    name: "invalid-include-option",
    findings: ['12:35: "speed" must be one of fast, slow; did you mean "fast"? (include-inputs)'],
  },
  {
    name: "invalid-include-text-type",
    findings: ['12:19: "node" must be string, but this gives int (include-inputs)'],
  },
  {
    name: "invalid-include-too-deep",
    findings: ["11:14: runbooks may include each other 3 deep, and this is 4 deep (include-too-deep)"],
  },
  { name: "invalid-include-type", findings: ['14:35: "count" must be int, but this gives string (include-inputs)'] },
  {
    name: "invalid-include-unknown",
    findings: [
      '11:14: there is no runbook "valid-sealed-nod" beside this one; did you mean "valid-sealed-node"? (unknown-runbook)',
    ],
  },
  {
    name: "invalid-include-unknown-input",
    findings: ['12:28: the runbook "valid-inputs" has no input "cuont"; did you mean "count"? (include-inputs)'],
  },
  {
    name: "invalid-include-unparsable",
    findings: ['11:14: the runbook "invalid-not-yaml" is not good itself; correct it first (broken-include)'],
  },
  {
    name: "invalid-lock-none-included",
    findings: [
      "7:7: kubernetes.restart-pod is disruptive: two runs must not do that to one cluster at the same time (lock-none)",
    ],
  },
  {
    name: "invalid-loop-include-too-deep",
    findings: ["17:39: loops may be nested 3 deep, and this is 4 deep (loop-too-deep)"],
  },
  {
    name: "invalid-too-many-included",
    findings: ["9:1: 505 steps, those of included runbooks counted; 500 are the most (too-many-steps)"],
  },
];
