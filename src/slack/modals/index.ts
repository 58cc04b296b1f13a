import { VIEWS } from "../ids.ts";
import { submitAnswer } from "./answer.ts";
import { submitBreakGlass } from "./break-glass.ts";
import { submitConfirmGate } from "./confirm-gate.ts";
import type { ModalHandler } from "./modal.ts";
import { submitReason } from "./reason.ts";
import { submitStartRun } from "./submit-start-run.ts";

/** Every modal, by its `callback_id`. */
export const MODALS: Readonly<Record<string, ModalHandler>> = {
  [VIEWS.confirmGate]: submitConfirmGate,
  [VIEWS.startRun]: submitStartRun,
  [VIEWS.answer]: submitAnswer,
  [VIEWS.breakGlass]: submitBreakGlass,
  [VIEWS.retry]: submitReason(({ actor, memory }, reason) => ({
    type: "retry",
    runId: memory.runId,
    step: memory.what,
    by: actor,
    reason,
  })),
  [VIEWS.rejectGate]: submitReason(({ actor, memory }, reason) => ({
    type: "reject",
    runId: memory.runId,
    gateId: memory.what,
    by: actor,
    reason,
  })),
  [VIEWS.skip]: submitReason(({ actor, memory }, reason) => ({
    type: "skip",
    runId: memory.runId,
    step: memory.what,
    by: actor,
    reason,
  })),
  [VIEWS.markDone]: submitReason(({ actor, memory }, reason) => ({
    type: "mark-done",
    runId: memory.runId,
    step: memory.what,
    by: actor,
    reason,
  })),
  [VIEWS.abort]: submitReason(({ actor, memory }, reason) => ({
    type: "abort",
    runId: memory.runId,
    by: actor,
    reason,
  })),
};
