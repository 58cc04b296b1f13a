import type { Gate, GateRecord } from "../../engine/run.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, context, section, type Block, type Button, type Content } from "./content.ts";
import { leftOf } from "./countdown.ts";
import { outcomeBlocks, outcomeHead } from "./gate-outcome.ts";
import { demandWords, differenceBlocks, planBlocks, voteBlocks } from "./gate-words.ts";
import { bold, code, line, mentions, time } from "./mrkdwn.ts";
import { stepTitle, type AnyRun } from "./run-words.ts";

/** What a gate's message is drawn from. */
export type GateMessage = {
  readonly run: AnyRun;
  readonly record: GateRecord;
  /** Ids of members and user groups who may approve this gate: mentioned while it is open. */
  readonly approvers: readonly string[];
  /** Whether one person may go past it alone. */
  readonly breakGlass: boolean;
  readonly now: Timestamp;
};

/** Draws a gate: exactly what will be called, what it costs, why it is safe now, who agreed, and the buttons or what became of it. */
export function gateMessage(message: GateMessage): Content {
  const { run, record, approvers } = message;
  const { gate } = record;
  const title = line(stepTitle(run, gate.step));
  const asks = isAsked(run, record);
  const head = asks
    ? `${mentions(approvers)} :lock: *Approval needed:* ${title}`.trim()
    : `${outcomeHead(record)}: ${title}`;
  const blocks: Block[] = [
    section(asks ? `${head}\n${demandWords(gate, run)}` : head),
    ...planBlocks(gate.plan),
    ...differenceBlocks(gate),
    ...voteBlocks(gate),
    ...(asks ? question(message) : outcomeBlocks(run, record)),
  ];
  return { text: `${head} on ${line(run.cluster, 100)}`, blocks };
}

/** Says whether a gate waits for people at this moment. */
export function isAsked(run: AnyRun, record: GateRecord): boolean {
  return record.outcome === "open" && run.status === "open" && run.cancelling === undefined;
}

function question({ run, record: { gate }, breakGlass, now }: GateMessage): readonly Block[] {
  const value = writeValue(run.id, gate.id);
  return [
    context(
      `asked by the run that ${bold(run.startedBy.name)} started`,
      `the question expires ${time(gate.expiresAt)}`,
      leftOf(gate.expiresAt, now).words,
      `plan ${code(gate.planHash.slice(0, 12))}`,
      `runbook ${code(gate.plan.runbookDigest.slice(0, 12))}`,
    ),
    buttons(
      approveButton(gate, value),
      { action: ACTIONS.reject, text: "Reject…", value },
      ...(breakGlass ? [{ action: ACTIONS.breakGlass, text: "Break-glass…", value, style: "danger" } as const] : []),
    ),
  ];
}

/** What is typed needs a form; what is not is asked once more, against a slip of the thumb. */
function approveButton({ phrase, plan }: Gate, value: string): Button {
  if (phrase !== undefined) return { action: ACTIONS.confirmGate, text: "Approve…", value, style: "danger" };
  const text = `${plan.explain.call}\nCluster ${plan.cluster}, ${plan.danger}. ${plan.explain.cost}`;
  const confirm = { title: "Approve this call?", text, yes: "Approve" };
  return { action: ACTIONS.approve, text: "Approve", value, style: "primary", confirm };
}
