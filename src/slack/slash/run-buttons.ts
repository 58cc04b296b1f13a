import { covers, type Actor, type Role } from "../../access/person.ts";
import type { Gate, OpenRun } from "../../engine/run.ts";
import { viewRun, type RunChoice } from "../../engine/view.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { couldApprove } from "../home/whose-turn.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, type Block } from "../render/content.ts";
import { buttonOf } from "../render/people-decide.ts";

/** Who asks, and when. */
export type Asker = { readonly actor: Actor; readonly now: Timestamp };

/** Draws the buttons of a run that a person may press now, as far as can be told: the run service decides. Undefined when there are none. */
export function runButtons(run: OpenRun, actor: Actor): Block | undefined {
  const { choices, currentStep } = viewRun(run);
  const row = choices.flatMap((choice) => {
    const button = covers(actor.role, roleFor(choice, run)) ? buttonOf(run, choice) : undefined;
    const about = choice === "abort" ? "" : (currentStep ?? "");
    return button === undefined ? [] : [{ ...button, value: writeValue(run.id, about) }];
  });
  const takes = covers(actor.role, "responder") && run.assignee.id !== actor.id;
  const takeOver = takes ? [{ action: ACTIONS.takeOver, text: "Take over", value: writeValue(run.id, "") }] : [];
  return row.length + takeOver.length === 0 ? undefined : buttons(...row, ...takeOver);
}

/** What a call did that nobody can tell is for an approver to say, also by trying again. */
function roleFor(choice: RunChoice, { phase }: OpenRun): Role {
  return phase.name === "unknown" && choice !== "abort" ? "approver" : "responder";
}

/** Takes the buttons of a gate away that a person may not press, as far as can be told. */
export function withoutForbidden(
  blocks: readonly Block[],
  gate: Gate,
  run: OpenRun,
  { actor, now }: Asker,
): readonly Block[] {
  const forbidden = new Set<string>([
    ...(couldApprove(actor, run, gate, now) ? [] : [ACTIONS.approve, ACTIONS.confirmGate]),
    ...(covers(actor.role, "responder") ? [] : [ACTIONS.reject]),
  ]);
  return blocks.flatMap((block): readonly Block[] => {
    if (block.type !== "actions") return [block];
    const elements = block.elements.filter(({ action_id: id }) => id === undefined || !forbidden.has(id));
    return elements.length === 0 ? [] : [{ ...block, elements }];
  });
}
