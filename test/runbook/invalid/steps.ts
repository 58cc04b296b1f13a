import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in steps. */
export const steps: readonly InvalidRunbook[] = [
  {
    name: "invalid-bad-duration",
    findings: [
      '15:14: "timeout" is refused: "5 minutes" is not a duration; write for instance 30s, 5m or 1h30m (invalid-value)',
    ],
  },
  {
    name: "invalid-bad-on-failure",
    findings: [
      '14:16: "onFailure" must be one of ask, stop, continue, not "stopp"; did you mean "stop"? (invalid-value)',
    ],
  },
  {
    name: "invalid-bad-step-id",
    findings: [
      '11:9: "id" must be a lower-case name with underscores, like raft_peers, not "seal-status" (invalid-value)',
    ],
  },
  {
    name: "invalid-busy-poll",
    findings: ['15:12: "every" is refused: a time of at least 1s is wanted (invalid-value)'],
  },
  { name: "invalid-duplicate-step-id", findings: ['14:9: step 1 has the id "seal" already (duplicate-step-id)'] },
  {
    name: "invalid-duration-without-unit",
    findings: ['15:14: "timeout" must be a time with its unit, like 30s, 5m or 1h30m, not a number (invalid-value)'],
  },
  {
    name: "invalid-key-of-another-kind",
    findings: [
      '14:5: unknown key "until"; known: check, expect, id, onFailure, otherwise, shows, title, when, with (unknown-key)',
    ],
  },
  { name: "invalid-no-steps", findings: ['10:8: "steps" must have at least 1 item (invalid-value)'] },
  {
    name: "invalid-reserved-step",
    findings: ['10:9: "loop" is a word of the expression language; choose another name (reserved-name)'],
  },
  {
    name: "invalid-step-is-text",
    findings: [
      '11:5: item 1 of "steps" must be a step: a map with an id and one of check, wait, do, ask, manual, say, include, forEach, not text (invalid-value)',
    ],
  },
  {
    name: "invalid-step-kind-misspelt",
    findings: [
      '11:5: item 1 of "steps" must be a step: a map with an id and one of check, wait, do, ask, manual, say, include, forEach (did you mean "check" by "chek"?) (invalid-value)',
    ],
  },
  {
    name: "invalid-step-of-two-kinds",
    findings: ['11:5: item 1 of "steps" must be one kind of step (it has both "do" and "say") (invalid-value)'],
  },
  {
    name: "invalid-step-without-kind",
    findings: [
      '11:5: item 1 of "steps" must be a step: a map with an id and one of check, wait, do, ask, manual, say, include, forEach (invalid-value)',
    ],
  },
  { name: "invalid-too-many-steps", findings: ['11:3: "steps" must have at most 100 items (invalid-value)'] },
];
