import { ACTIONS } from "../ids.ts";
import type { ButtonHandler } from "./button.ts";
import { approveGate, breakGlass, rejectGate } from "./gate.ts";
import { openRunbook } from "./open-runbook.ts";
import { abortRun, answerStep, confirmManual, markStepDone, retryStep, skipStep, takeOver } from "./step.ts";

/** Every button, by its `action_id`. */
export const BUTTONS: Readonly<Record<string, ButtonHandler>> = {
  [ACTIONS.openRunbook]: openRunbook,
  [ACTIONS.approve]: approveGate,
  [ACTIONS.reject]: rejectGate,
  [ACTIONS.manualDone]: confirmManual,
  [ACTIONS.retry]: retryStep,
  [ACTIONS.skip]: skipStep,
  [ACTIONS.markDone]: markStepDone,
  [ACTIONS.abort]: abortRun,
  [ACTIONS.answer]: answerStep,
  [ACTIONS.takeOver]: takeOver,
  [ACTIONS.breakGlass]: breakGlass,
};
