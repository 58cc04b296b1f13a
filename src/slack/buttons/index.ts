import { deleteMessage } from "../hygiene/delete-message.ts";
import { ACTIONS } from "../ids.ts";
import { changeCluster } from "../modals/change-cluster.ts";
import { pickRunbook } from "../suggest/pick-runbook.ts";
import type { ButtonHandler } from "./button.ts";
import { approveGate, breakGlass, confirmGate, rejectGate } from "./gate.ts";
import { openRunbook, openRunbookForm } from "./open-runbook.ts";
import {
  abortRun,
  answerStep,
  confirmManual,
  markStepDone,
  reopenRun,
  retryStep,
  retryUnknown,
  skipStep,
  takeOver,
} from "./step.ts";

/** Every button, by its `action_id`. */
export const BUTTONS: Readonly<Record<string, ButtonHandler>> = {
  [ACTIONS.openRunbook]: openRunbook,
  [ACTIONS.openRunbookForm]: openRunbookForm,
  [ACTIONS.approve]: approveGate,
  [ACTIONS.confirmGate]: confirmGate,
  [ACTIONS.reject]: rejectGate,
  [ACTIONS.manualDone]: confirmManual,
  [ACTIONS.retry]: retryStep,
  [ACTIONS.retryUnknown]: retryUnknown,
  [ACTIONS.reopen]: reopenRun,
  [ACTIONS.skip]: skipStep,
  [ACTIONS.markDone]: markStepDone,
  [ACTIONS.abort]: abortRun,
  [ACTIONS.answer]: answerStep,
  [ACTIONS.takeOver]: takeOver,
  [ACTIONS.breakGlass]: breakGlass,
  [ACTIONS.formCluster]: changeCluster,
  [ACTIONS.pickRunbook]: pickRunbook,
  [ACTIONS.deleteMessage]: deleteMessage,
};
