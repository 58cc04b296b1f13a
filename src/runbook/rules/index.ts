import type { Rule } from "../rule.ts";
import { actionInCheck } from "./action-in-check.ts";
import { duplicateStepId } from "./duplicate-step-id.ts";
import { expressionType } from "./expression-type.ts";
import { invalidPattern } from "./invalid-pattern.ts";
import { missingInputCluster } from "./missing-input-cluster.ts";
import { quotedInCommand } from "./quoted-in-command.ts";
import { unknownAction } from "./unknown-action.ts";
import { unreachableStep } from "./unreachable-step.ts";
import { useBeforeExists } from "./use-before-exists.ts";
import { weakGate } from "./weak-gate.ts";
import { withInputs } from "./with-inputs.ts";

/** Every rule of the linter; test/runbook/rules compares this list with the folder. */
export const rules: readonly Rule[] = [
  actionInCheck,
  duplicateStepId,
  expressionType,
  invalidPattern,
  missingInputCluster,
  quotedInCommand,
  unknownAction,
  unreachableStep,
  useBeforeExists,
  weakGate,
  withInputs,
];
