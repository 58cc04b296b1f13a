/** One file a mistake in test/fixtures/runbooks, with all that is said about it. */
export const invalidRunbooks: readonly { readonly name: string; readonly findings: readonly string[] }[] = [
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
    name: "invalid-after-the-end",
    findings: ['16:5: step "b" can never run: step "seal" always ends the run (unreachable-step)'],
  },
  { name: "invalid-bad-approvals", findings: ['14:24: "approvals" must be a number, not text (invalid-value)'] },
  {
    name: "invalid-bad-duration",
    findings: [
      '15:14: "timeout" is refused: "5 minutes" is not a duration; write for instance 30s, 5m or 1h30m (invalid-value)',
    ],
  },
  {
    name: "invalid-bad-id",
    findings: ['1:5: "id" must be a lower-case name with dashes, like lost-peer, not "Broken Book" (invalid-value)'],
  },
  {
    name: "invalid-bad-input-name",
    findings: ['9:3: "Node-Name" must be a lower-case name with underscores, like raft_peers (invalid-value)'],
  },
  {
    name: "invalid-bad-input-type",
    findings: ['9:17: "type" must be one of cluster, node, string, not "nodes"; did you mean "node"? (invalid-value)'],
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
    name: "invalid-bad-with",
    findings: ['13:19: "node" must be text or a number or true or false, not a list (invalid-value)'],
  },
  {
    name: "invalid-busy-poll",
    findings: ['15:12: "every" is refused: a time of at least 1s is wanted (invalid-value)'],
  },
  {
    name: "invalid-check-under-do",
    findings: ['12:9: vault.seal-status is a check, it only reads; use "check" instead of "do" (unknown-action)'],
  },
  { name: "invalid-duplicate-key", findings: ["14:5: this key is there already; keep one of them (duplicate-key)"] },
  { name: "invalid-duplicate-step-id", findings: ['14:9: step 1 has the id "seal" already (duplicate-step-id)'] },
  {
    name: "invalid-duration-without-unit",
    findings: ['15:14: "timeout" must be a time with its unit, like 30s, 5m or 1h30m, not a number (invalid-value)'],
  },
  { name: "invalid-empty-title", findings: ['2:1: "title" is empty; it must be text (missing-key)'] },
  { name: "invalid-empty", findings: ["1:1: the file must be a map, not nothing (invalid-value)"] },
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
    name: "invalid-key-of-another-kind",
    findings: [
      '14:5: unknown key "until"; known: check, expect, id, onFailure, otherwise, shows, title, when, with (unknown-key)',
    ],
  },
  { name: "invalid-list", findings: ["1:1: the file must be a map, not a list (invalid-value)"] },
  { name: "invalid-missing-input", findings: ['14:14: vault.seal-status needs "node" under "with" (with-inputs)'] },
  { name: "invalid-missing-title", findings: ['1:1: "title" is missing; it must be text (missing-key)'] },
  {
    name: "invalid-never-true",
    findings: ['12:11: step "a" can never run: its condition is never true (unreachable-step)'],
  },
  { name: "invalid-no-approvals", findings: ['14:24: "approvals" must be at least 1 (invalid-value)'] },
  {
    name: "invalid-no-cluster",
    findings: ['7:1: no input has the type cluster; add "cluster: { type: cluster }" (missing-input-cluster)'],
  },
  { name: "invalid-no-steps", findings: ['10:8: "steps" must have at least 1 item (invalid-value)'] },
  { name: "invalid-not-yaml", findings: ['13:1: missing closing "quote (yaml-syntax)'] },
  {
    name: "invalid-otherwise-never",
    findings: ['15:5: "otherwise" can never happen: "expect" is always true (unreachable-step)'],
  },
  {
    name: "invalid-otherwise-without-expect",
    findings: ['14:5: "otherwise" can never happen: there is no "expect" (unreachable-step)'],
  },
  {
    name: "invalid-pattern-default",
    findings: ["9:32: the pattern refuses the input's own default (invalid-pattern)"],
  },
  { name: "invalid-pattern", findings: ["9:32: this is not a regular expression (invalid-pattern)"] },
  {
    name: "invalid-quoted-in-command",
    findings: ["13:16: take the quotes around ${…} away; a value is quoted when it needs it (quoted-in-command)"],
  },
  {
    name: "invalid-secret-in-comment",
    findings: ["11:23: this looks like a Vault token; take it out, and rotate it if it is real (secret-in-text)"],
  },
  {
    name: "invalid-several-mistakes",
    findings: [
      '1:1: "impact" is missing; it must be text (missing-key)',
      '10:9: "id" must be a lower-case name with underscores, like raft_peers, not "A" (invalid-value)',
      '11:12: "check" must be a name like vault.seal-status, not "seal" (invalid-value)',
      '12:16: "onFailure" must be one of ask, stop, continue, not "never" (invalid-value)',
      '13:5: item 2 of "steps" must be a step: a map with an id and one of check, wait, do, manual, say (did you mean "say" by "sai"?) (invalid-value)',
    ],
  },
  {
    name: "invalid-step-is-text",
    findings: [
      '11:5: item 1 of "steps" must be a step: a map with an id and one of check, wait, do, manual, say, not text (invalid-value)',
    ],
  },
  {
    name: "invalid-step-kind-misspelt",
    findings: [
      '11:5: item 1 of "steps" must be a step: a map with an id and one of check, wait, do, manual, say (did you mean "check" by "chek"?) (invalid-value)',
    ],
  },
  {
    name: "invalid-step-of-two-kinds",
    findings: ['11:5: item 1 of "steps" must be one kind of step (it has both "do" and "say") (invalid-value)'],
  },
  {
    name: "invalid-step-without-kind",
    findings: [
      '11:5: item 1 of "steps" must be a step: a map with an id and one of check, wait, do, manual, say (invalid-value)',
    ],
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
  { name: "invalid-too-many-steps", findings: ['11:3: "steps" must have at most 100 items (invalid-value)'] },
  {
    name: "invalid-two-clusters",
    findings: ['9:3: "cluster" is the cluster already; a run has one target (missing-input-cluster)'],
  },
  {
    name: "invalid-two-documents",
    findings: ["14:1: a second document begins here; one file holds one (yaml-syntax)"],
  },
  {
    name: "invalid-unknown-action",
    findings: [
      '12:9: there is no action "vault.reboot-everything"; known: kubernetes.restart-pod, vault.remove-peer (unknown-action)',
    ],
  },
  { name: "invalid-unknown-anchor", findings: ['12:10: no anchor "&greeting" stands before this (yaml-syntax)'] },
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
    name: "invalid-unknown-key-top",
    findings: [
      '1:1: "title" is missing; it must be text (missing-key)',
      '2:1: unknown key "titel"; did you mean "title"? (unknown-key)',
    ],
  },
  { name: "invalid-unknown-key", findings: ['14:5: unknown key "expct"; did you mean "expect"? (unknown-key)'] },
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
    findings: ['14:15: steps.hello never has a value: step "hello" calls nothing (use-before-exists)'],
  },
  {
    name: "invalid-use-of-unknown-step",
    findings: [
      '15:13: there is no step "sael"; did you mean "seal"? (use-before-exists)',
      '15:47: say: "steps.seal" has no "tipe"; did you mean "type"? (expression-type)',
    ],
  },
  {
    name: "invalid-weak-gate",
    findings: [
      "14:24: vault.remove-peer is destructive: it needs at least 2 approvals (weak-gate)",
      "14:36: vault.remove-peer is destructive: its gate may stay open for 15m at most (weak-gate)",
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
