import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in what is no YAML. */
export const yaml: readonly InvalidRunbook[] = [
  { name: "invalid-duplicate-key", findings: ["14:5: this key is there already; keep one of them (duplicate-key)"] },
  { name: "invalid-empty", findings: ["1:1: the file must be a map, not nothing (invalid-value)"] },
  { name: "invalid-list", findings: ["1:1: the file must be a map, not a list (invalid-value)"] },
  { name: "invalid-not-yaml", findings: ['13:1: missing closing "quote (yaml-syntax)'] },
  {
    name: "invalid-two-documents",
    findings: ["14:1: a second document begins here; one file holds one (yaml-syntax)"],
  },
  { name: "invalid-unknown-anchor", findings: ['12:10: no anchor "&greeting" stands before this (yaml-syntax)'] },
];
