import type { Gate, GateRecord, OpenRun, Plan, PreconditionValue } from "../../engine/run.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, context, section, type Block, type Content } from "./content.ts";
import { code, escape, mentions, time } from "./mrkdwn.ts";
import type { AnyRun } from "./run-words.ts";

/** What a gate's message is drawn from. */
export type GateMessage = {
  readonly run: AnyRun;
  readonly record: GateRecord;
  /** Member ids of people who may approve this gate: mentioned while it is open. */
  readonly approvers: readonly string[];
  /** Whether one person may go past it alone. */
  readonly breakGlass: boolean;
};

/** Draws a gate: exactly what will be called, what it costs, why it is safe now, who agreed, and the buttons or what became of it. */
export function gateMessage({ run, record, approvers, breakGlass }: GateMessage): Content {
  const { gate } = record;
  const title = escape(stepTitle(run, gate.step));
  const asks = record.outcome === "open" && run.status === "open";
  const head = asks
    ? `${mentions(approvers)} :lock: *Approval needed:* ${title}`.trim()
    : `${closedWords(record)} ${title}`;
  const blocks: Block[] = [
    section(asks ? `${head}\n${demand(gate, run)}` : head),
    ...planBlocks(gate.plan),
    ...differences(gate),
    ...votes(gate),
    ...(asks ? question(run, gate, breakGlass) : outcome(run, record)),
  ];
  return { text: `${head} on ${escape(run.cluster)}`, blocks };
}

function closedWords(record: GateRecord): string {
  switch (record.outcome) {
    case "agreed":
      return ":unlock: *Approved:*";
    case "broken":
      return ":rotating_light: *BREAK-GLASS:*";
    case "rejected":
      return ":no_entry: *Rejected:*";
    case "expired":
      return ":hourglass_flowing_sand: *Expired:*";
    case "voided":
      return ":warning: *Void:*";
    case "open":
      return ":octagonal_sign: *Closed:*";
    default:
      return exhaustive(record.outcome);
  }
}

function question(run: AnyRun, gate: Gate, mayBreak: boolean): readonly Block[] {
  const value = writeValue(run.id, gate.id);
  const typed = gate.phrase !== undefined;
  return [
    context(
      `the question expires ${time(gate.expiresAt)}`,
      `plan ${code(gate.planHash.slice(0, 12))}`,
      `runbook ${code(gate.plan.runbookDigest.slice(0, 12))}`,
    ),
    buttons(
      { action: ACTIONS.approve, text: typed ? "Approve…" : "Approve", value, style: typed ? "danger" : "primary" },
      { action: ACTIONS.reject, text: "Reject…", value },
      ...(mayBreak ? [{ action: ACTIONS.breakGlass, text: "Break-glass…", value, style: "danger" } as const] : []),
    ),
  ];
}

function outcome(run: AnyRun, record: GateRecord): readonly Block[] {
  const ended = run.status === "finished" ? `the run ended: ${run.text}` : undefined;
  const text = record.text ?? ended;
  const at = record.closedAt === undefined ? undefined : time(record.closedAt);
  return text === undefined && at === undefined ? [] : [context(text === undefined ? undefined : escape(text), at)];
}

/** Gives a step's title, or its id when the run has no such step. */
export function stepTitle(run: { readonly steps: OpenRun["steps"] }, step: string): string {
  return run.steps.find((record) => record.id === step)?.title ?? step;
}

function demand(gate: Gate, run: AnyRun): string {
  const people = gate.approvals === 1 ? "One person" : `${gate.approvals} different people`;
  const drivers = [...new Set([run.startedBy.name, run.assignee.name])].map(escape).join(", ");
  const notStarter = gate.notTheStarter ? ` who neither started the run nor is in charge of it (${drivers})` : "";
  const from = gate.groups.length === 0 ? "" : ` of ${gate.groups.map(escape).join(" or ")}`;
  const typed = gate.phrase === undefined ? "" : `, each typing the cluster's name ${code(gate.phrase)}`;
  return `${people}${from}${notStarter} must agree${typed}.`;
}

function planBlocks(plan: Plan): readonly Block[] {
  const where = plan.clusterId === undefined ? "its id was never seen" : `id ${code(plan.clusterId)}`;
  return [
    section(
      [
        `*Call* ${code(plan.explain.call)}`,
        `*Cluster* ${code(plan.cluster)} (${where})`,
        `*Danger* ${plan.danger}${plan.effect === "once" ? ", never repeated by itself" : ""}`,
        `*Cost* ${escape(plan.explain.cost)}`,
        `*Proof* ${escape(plan.explain.proof)}`,
      ].join("\n"),
    ),
    ...facts(plan.preconditions),
  ];
}

function facts(preconditions: readonly PreconditionValue[]): readonly Block[] {
  if (preconditions.length === 0) return [];
  const lines = preconditions.map(({ ok, text }) => `${ok ? ":white_check_mark:" : ":x:"} ${escape(text)}`);
  return [section(`*Facts it rests on*\n${lines.join("\n")}`)];
}

function differences(gate: Gate): readonly Block[] {
  if (gate.differences.length === 0) return [];
  const lines = gate.differences.map((difference) => `• ${escape(difference)}`);
  return [
    section(
      `:warning: *Changed since the plan that was shown before; earlier approvals are void*\n${lines.join("\n")}`,
    ),
  ];
}

function votes(gate: Gate): readonly Block[] {
  if (gate.votes.length === 0) return [];
  const who = gate.votes.map((vote) => `:ballot_box_with_check: *${escape(vote.by.name)}* ${time(vote.at)}`);
  return [context(...who, `${gate.votes.length} of ${gate.approvals}`)];
}
