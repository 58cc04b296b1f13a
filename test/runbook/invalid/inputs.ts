import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in inputs and answers. */
export const inputs: readonly InvalidRunbook[] = [
  {
    name: "invalid-ask-cluster",
    findings: ['12:21: "type" must be one of node, string, enum, int, duration, bool, not "cluster" (invalid-value)'],
  },
  { name: "invalid-ask-label", findings: ['12:27: unknown key "label"; known: default, type (unknown-key)'] },
  { name: "invalid-ask-options", findings: ["12:59: the default must be one of fast, slow (input-default)"] },
  {
    name: "invalid-ask-otp",
    findings: [
      '11:10: this asks for a secret ("one time password"); let people type it into a terminal, with a "manual" step (secret-input)',
    ],
  },
  { name: "invalid-ask-type", findings: ['14:11: when: "int == string" is not possible (expression-type)'] },
  { name: "invalid-ask-without-answer", findings: ['10:5: "answer" is missing; it must be a map (missing-key)'] },
  {
    name: "invalid-bad-input-name",
    findings: ['9:3: "Node-Name" must be a lower-case name with underscores, like raft_peers (invalid-value)'],
  },
  {
    name: "invalid-bad-input-type",
    findings: [
      '9:17: "type" must be one of cluster, node, string, enum, int, duration, bool, not "nodes"; did you mean "node"? (invalid-value)',
    ],
  },
  {
    name: "invalid-input-attribute",
    findings: ['9:19: unknown key "pattern"; known: default, description, label, max, min, type (unknown-key)'],
  },
  {
    name: "invalid-input-bad-duration",
    findings: [
      '9:33: "default" is refused: "5 minutes" is not a duration; write for instance 30s, 5m or 1h30m (invalid-value)',
    ],
  },
  {
    name: "invalid-input-default-fraction",
    findings: ['9:28: "default" must be a whole number, not 1.5 (invalid-value)'],
  },
  { name: "invalid-input-default-long", findings: ["9:42: the default must be at most 5m (input-default)"] },
  {
    name: "invalid-input-default-option",
    findings: ['9:52: the default must be one of fast, slow; did you mean "fast"? (input-default)'],
  },
  { name: "invalid-input-default-small", findings: ["9:36: the default must be at least 3 (input-default)"] },
  { name: "invalid-input-default-type", findings: ['9:29: "default" must be true or false, not text (invalid-value)'] },
  { name: "invalid-input-duplicate-option", findings: ['9:36: the option "a" is there already (duplicate-option)'] },
  { name: "invalid-input-no-options", findings: ['9:29: "options" must have at least 1 item (invalid-value)'] },
  {
    name: "invalid-input-options",
    findings: ['9:22: unknown key "options"; known: default, description, label, pattern, type (unknown-key)'],
  },
  {
    name: "invalid-input-pattern-loops",
    findings: [
      '9:31: trying this pattern could take for ever: "(a+)" can repeat the same text in many ways (invalid-pattern)',
    ],
  },
  { name: "invalid-input-range", findings: ['9:24: nothing fits: "min" is 5, and "max" is 3 (input-range)'] },
  {
    name: "invalid-input-range-duration",
    findings: ['9:29: nothing fits: "min" is 5m, and "max" is 30s (input-range)'],
  },
  { name: "invalid-input-without-options", findings: ['9:3: "options" is missing; it must be a list (missing-key)'] },
  {
    name: "invalid-input-without-type",
    findings: [
      '9:3: "type" is missing; it must be one of cluster, node, string, enum, int, duration, bool (missing-key)',
    ],
  },
  {
    name: "invalid-no-cluster",
    findings: ['7:1: no input has the type cluster; add "cluster: { type: cluster }" (missing-input-cluster)'],
  },
  { name: "invalid-pattern", findings: ["9:34: this is not a regular expression (invalid-pattern)"] },
  { name: "invalid-pattern-default", findings: ["9:34: the pattern refuses its own default (invalid-pattern)"] },
  {
    name: "invalid-reserved-input",
    findings: ['9:3: "constructor" is a word of the expression language; choose another name (reserved-name)'],
  },
  {
    name: "invalid-two-clusters",
    findings: ['9:3: "cluster" is the cluster already; a run has one target (missing-input-cluster)'],
  },
];
