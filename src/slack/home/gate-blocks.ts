import type { Gate } from "../../engine/run.ts";
import { viewGate, type GateView } from "../../engine/view.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, context, section, type Block } from "../render/content.ts";
import { markWords, stepTitle } from "../render/run-words.ts";
import { bold, code, line, link, time } from "../render/mrkdwn.ts";
import type { WaitingRun } from "./home-state.ts";

/** The others stand in the gate's own message, and how many they are is said. */
const FACTS = 4;

/** Draws a gate that a person may approve: the exact call, why it is safe now, what it costs, what proves success, and the buttons. */
export function gateBlocks({ run, gateLink }: WaitingRun, gate: Gate): readonly Block[] {
  const view = viewGate(gate);
  const value = writeValue(run.id, gate.id);
  const typed = gate.phrase !== undefined;
  return [
    section(
      `:lock: ${bold(`${markWords(run)}${stepTitle(run, gate.step)}`)} on ${code(run.cluster)}\n${code(view.call, 300)}`,
    ),
    section([...factLines(view), `*Cost* ${line(view.cost, 400)}`, `*Proof* ${line(view.proof, 400)}`].join("\n")),
    context(
      `asked by ${bold(run.startedBy.name)}, ${view.danger}`,
      `${view.approvedBy.length} of ${view.approvals}`,
      `expires ${time(gate.expiresAt)}`,
      `plan ${code(view.planHash.slice(0, 12))}`,
      link(gateLink, "Open the gate"),
    ),
    buttons(
      typed
        ? { action: ACTIONS.confirmGate, text: "Approve…", value, style: "danger" }
        : { action: ACTIONS.approve, text: "Approve", value, style: "primary" },
      { action: ACTIONS.reject, text: "Reject…", value },
    ),
  ];
}

function factLines({ facts, differences }: GateView): readonly string[] {
  const rest = facts.length - FACTS;
  const changed = `:warning: changed since the plan that was shown before: ${line(differences.join("; "), 400)}`;
  return [
    ...(differences.length === 0 ? [] : [changed]),
    ...facts.slice(0, FACTS).map((fact) => `:white_check_mark: ${line(fact, 200)}`),
    ...(rest > 0 ? [`_${rest} more facts stand in the gate's own message_`] : []),
  ];
}
