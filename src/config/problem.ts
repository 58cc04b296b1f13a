import type { DocumentPath } from "../document/positions.ts";

/** A problem at a place of the configuration. Errors refuse it; warnings are shown and do not. */
export type ConfigProblem = {
  readonly path: DocumentPath;
  readonly on?: "key" | "value";
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly message: string;
};
