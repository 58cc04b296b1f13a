import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in checks, actions and what is given to them. */
export const calls: readonly InvalidRunbook[] = [
  {
    name: "invalid-action-in-check",
    findings: [
      '12:11: kubernetes.restart-pod is an action, it changes something; use "do" instead of "wait" (action-in-check)',
    ],
  },
  {
    name: "invalid-action-in-watch",
    findings: [
      '13:21: kubernetes.restart-pod is an action, it changes something; use "do" instead of "check" (action-in-check)',
    ],
  },
  {
    name: "invalid-bad-with",
    findings: ['13:19: "node" must be text or a number or true or false, not a list (invalid-value)'],
  },
  {
    name: "invalid-check-under-do",
    findings: ['12:9: vault.seal-status is a check, it only reads; use "check" instead of "do" (unknown-action)'],
  },
  { name: "invalid-missing-input", findings: ['14:14: vault.seal-status needs "node" under "with" (with-inputs)'] },
  {
    name: "invalid-unknown-action",
    findings: [
      '12:9: there is no action "vault.reboot-everything"; known: kubernetes.restart-pod, vault.remove-peer (unknown-action)',
    ],
  },
  {
    name: "invalid-unknown-check",
    findings: ['12:12: there is no check "vault.seal-state"; did you mean "vault.seal-status"? (unknown-action)'],
  },
  {
    name: "invalid-unknown-input",
    findings: [
      '12:12: vault.seal-status needs "node" under "with" (with-inputs)',
      '13:13: vault.seal-status takes no "nod"; did you mean "node"? (with-inputs)',
    ],
  },
  {
    name: "invalid-wrong-input-constant",
    findings: [
      '13:19: "node" must be text, not a number (with-inputs)',
      '13:29: "grace" must be a whole number, not 1.5 (with-inputs)',
      '13:41: "force" must be true or false, not text (with-inputs)',
      '13:54: "mode" must be one of soft, hard, not "hrad"; did you mean "hard"? (with-inputs)',
    ],
  },
  {
    name: "invalid-wrong-input-expression",
    findings: [
      '13:29: "grace" must be int, but this gives string (with-inputs)',
      '13:54: "force" must be bool, but this gives int (with-inputs)',
    ],
  },
];
