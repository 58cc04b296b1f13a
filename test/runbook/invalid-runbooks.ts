import { calls } from "./invalid/calls.ts";
import { cancel } from "./invalid/cancel.ts";
import { expressions } from "./invalid/expressions.ts";
import { gates } from "./invalid/gates.ts";
import { header } from "./invalid/header.ts";
import { includes } from "./invalid/includes.ts";
import { inputs } from "./invalid/inputs.ts";
import { loops } from "./invalid/loops.ts";
import { secrets } from "./invalid/secrets.ts";
import { steps } from "./invalid/steps.ts";
import { yaml } from "./invalid/yaml.ts";

/** One file a mistake in test/fixtures/runbooks, with all that is said about it, each with its line and column. */
export type InvalidRunbook = { readonly name: string; readonly findings: readonly string[] };

/** Every broken runbook, by topic. */
export const invalidRunbooks: readonly InvalidRunbook[] = [
  ...yaml,
  ...secrets,
  ...includes,
  ...loops,
  ...cancel,
  ...gates,
  ...inputs,
  ...expressions,
  ...calls,
  ...steps,
  ...header,
];
