import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in the header. */
export const header: readonly InvalidRunbook[] = [
  {
    name: "invalid-bad-id",
    findings: ['1:5: "id" must be a lower-case name with dashes, like lost-peer, not "Broken Book" (invalid-value)'],
  },
  {
    name: "invalid-drill",
    findings: ['7:13: "drillEvery" is refused: a time of at least 1d is wanted (invalid-value)'],
  },
  { name: "invalid-empty-title", findings: ['2:1: "title" is empty; it must be text (missing-key)'] },
  { name: "invalid-missing-title", findings: ['1:1: "title" is missing; it must be text (missing-key)'] },
  {
    name: "invalid-reviewed",
    findings: ['7:11: "reviewed" must be a date like 2026-01-31, not "last week" (invalid-value)'],
  },
  {
    name: "invalid-several-mistakes",
    findings: [
      '1:1: "impact" is missing; it must be text (missing-key)',
      '10:9: "id" must be a lower-case name with underscores, like raft_peers, not "A" (invalid-value)',
      '11:12: "check" must be a name like vault.seal-status, not "seal" (invalid-value)',
      '12:16: "onFailure" must be one of ask, stop, continue, not "never" (invalid-value)',
      '13:5: item 2 of "steps" must be a step: a map with an id and one of check, wait, do, ask, manual, say, include, forEach (did you mean "say" by "sai"?) (invalid-value)',
    ],
  },
  { name: "invalid-unknown-key", findings: ['14:5: unknown key "expct"; did you mean "expect"? (unknown-key)'] },
  {
    name: "invalid-unknown-key-top",
    findings: [
      '1:1: "title" is missing; it must be text (missing-key)',
      '2:1: unknown key "titel"; did you mean "title"? (unknown-key)',
    ],
  },
];
