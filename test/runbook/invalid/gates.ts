import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in gates, locks and the way back. */
export const gates: readonly InvalidRunbook[] = [
  { name: "invalid-bad-approvals", findings: ['14:24: "approvals" must be a number, not text (invalid-value)'] },
  { name: "invalid-duplicate-group", findings: ['14:32: the group "platform" is there already (unknown-group)'] },
  { name: "invalid-lock", findings: ['7:7: "lock" must be one of exclusive, none, not "shared" (invalid-value)'] },
  {
    name: "invalid-lock-none",
    findings: [
      "8:7: vault.remove-peer is destructive: two runs must not do that to one cluster at the same time (lock-none)",
    ],
  },
  {
    name: "invalid-missing-rollback",
    findings: [
      '11:9: vault.remove-peer is destructive: say under "rollback" how to go back, or why there is no way back (missing-rollback)',
    ],
  },
  {
    name: "invalid-missing-rollback-inside",
    findings: [
      '14:13: kubernetes.restart-pod is disruptive: say under "rollback" how to go back, or why there is no way back (missing-rollback)',
    ],
  },
  { name: "invalid-no-approvals", findings: ['14:24: "approvals" must be at least 1 (invalid-value)'] },
  { name: "invalid-no-groups", findings: ['14:21: "groups" must have at least 1 item (invalid-value)'] },
  {
    name: "invalid-unknown-group",
    findings: ['14:22: there is no group "platfrom" in the configuration; did you mean "platform"? (unknown-group)'],
  },
  {
    name: "invalid-weak-gate-approvals",
    findings: ["14:24: vault.remove-peer is destructive: it needs at least 2 approvals (weak-gate)"],
  },
  {
    name: "invalid-weak-gate-expires",
    findings: ["14:22: vault.remove-peer is destructive: its gate may stay open for 15m at most (weak-gate)"],
  },
  {
    name: "invalid-weak-gate-votes",
    findings: ["14:26: vault.remove-peer is destructive: a yes may count for 15m at most (weak-gate)"],
  },
];
