import type { Rule } from "../rule.ts";
import { actionInCheck } from "./action-in-check.ts";
import { brokenInclude } from "./broken-include.ts";
import { duplicateOption } from "./duplicate-option.ts";
import { duplicateStepId } from "./duplicate-step-id.ts";
import { expressionType } from "./expression-type.ts";
import { includeCircle } from "./include-circle.ts";
import { includeInputs } from "./include-inputs.ts";
import { includeTooDeep } from "./include-too-deep.ts";
import { inputDefaultRule } from "./input-default.ts";
import { inputRange } from "./input-range.ts";
import { invalidPattern } from "./invalid-pattern.ts";
import { lockNone } from "./lock-none.ts";
import { loopName } from "./loop-name.ts";
import { loopTooDeep } from "./loop-too-deep.ts";
import { missingInputCluster } from "./missing-input-cluster.ts";
import { missingRollback } from "./missing-rollback.ts";
import { onCancelRule } from "./on-cancel.ts";
import { quotedInCommand } from "./quoted-in-command.ts";
import { reservedName } from "./reserved-name.ts";
import { secretInput } from "./secret-input.ts";
import { tooManySteps } from "./too-many-steps.ts";
import { unknownAction } from "./unknown-action.ts";
import { unknownGroup } from "./unknown-group.ts";
import { unknownRunbook } from "./unknown-runbook.ts";
import { unreachableStep } from "./unreachable-step.ts";
import { useBeforeExists } from "./use-before-exists.ts";
import { weakGate } from "./weak-gate.ts";
import { withInputs } from "./with-inputs.ts";

/** Every rule of the linter; test/runbook/lint.test.ts compares this list with the folder. */
export const rules: readonly Rule[] = [
  actionInCheck,
  brokenInclude,
  duplicateOption,
  duplicateStepId,
  expressionType,
  includeCircle,
  includeInputs,
  includeTooDeep,
  inputDefaultRule,
  inputRange,
  invalidPattern,
  lockNone,
  loopName,
  loopTooDeep,
  missingInputCluster,
  missingRollback,
  onCancelRule,
  quotedInCommand,
  reservedName,
  secretInput,
  tooManySteps,
  unknownAction,
  unknownGroup,
  unknownRunbook,
  unreachableStep,
  useBeforeExists,
  weakGate,
  withInputs,
];
