import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in what is done when people abort. */
export const cancel: readonly InvalidRunbook[] = [
  {
    name: "invalid-cancel-action",
    findings: [
      '14:7: item 1 of "steps" must be a step of "onCancel": a map with an id and one of check, say (it has "do") (invalid-value)',
    ],
  },
  { name: "invalid-cancel-duplicate-id", findings: ['14:11: step 1 has the id "a" already (duplicate-step-id)'] },
  { name: "invalid-cancel-empty", findings: ['13:10: "steps" must have at least 1 item (invalid-value)'] },
  {
    name: "invalid-cancel-finish",
    findings: ["17:28: the run ends as aborted, and not as stopped; take this away (on-cancel)"],
  },
  {
    name: "invalid-cancel-no-kind",
    findings: [
      '14:7: item 1 of "steps" must be a step of "onCancel": a map with an id and one of check, say (invalid-value)',
    ],
  },
  {
    name: "invalid-cancel-read-by-step",
    findings: ['11:13: steps.left is read before it exists: step "left" is one of "onCancel" (use-before-exists)'],
  },
  { name: "invalid-cancel-too-long", findings: ["13:12: people who abort wait for this: 2m at most (on-cancel)"] },
];
