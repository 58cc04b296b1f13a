import type { Gate, Plan, PreconditionValue } from "../../engine/run.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { context, section, type Block } from "./content.ts";
import { bold, code, line, time } from "./mrkdwn.ts";
import type { AnyRun } from "./run-words.ts";

const LONGEST = 600;
const SHOWN = 12;

/** Says who must agree to a gate and who may not, and what they type. */
export function demandWords(gate: Gate, run: AnyRun): string {
  const people = gate.approvals === 1 ? "One person" : `${gate.approvals} different people`;
  const drivers = [...new Set([run.startedBy.name, run.assignee.name])].map((name) => line(name, 80)).join(", ");
  const notStarter = gate.notTheStarter
    ? ` who neither started the run nor ${gate.approvals === 1 ? "is" : "are"} in charge of it (${drivers})`
    : "";
  const from = gate.groups.length === 0 ? "" : ` of ${gate.groups.map((group) => line(group, 80)).join(" or ")}`;
  const typed = gate.phrase === undefined ? "" : `, each typing the cluster's name ${code(gate.phrase, 100)}`;
  return `${people}${from}${notStarter} must agree${typed}.`;
}

/** Draws exactly what will be called and where, why that is safe now, what it costs and what proves success. */
export function planBlocks(plan: Plan): readonly Block[] {
  const where = plan.clusterId === undefined ? "its id was never seen" : `id ${code(plan.clusterId, 80)}`;
  const node = plan.call.with["node"];
  return [
    section(
      [
        `*Call* ${code(plan.explain.call)}`,
        ...(typeof node === "string" ? [`*Node* ${code(node, 100)}`] : []),
        `*Cluster* ${code(plan.cluster, 100)} (${where})`,
        `*Danger* ${dangerWords(plan)}`,
        `*Cost* ${line(plan.explain.cost, LONGEST)}`,
        `*Proof of success* ${line(plan.explain.proof, LONGEST)}`,
      ].join("\n"),
    ),
    ...facts(plan.preconditions),
  ];
}

function dangerWords({ danger, effect }: Plan): string {
  const once = effect === "once" ? "; never repeated by itself" : "";
  switch (danger) {
    case "reversible":
      return `reversible, it can be taken back${once}`;
    case "disruptive":
      return `disruptive, whoever uses the cluster may notice${once}`;
    case "destructive":
      return `:bangbang: destructive, it cannot be taken back${once}`;
    default:
      return exhaustive(danger);
  }
}

function facts(preconditions: readonly PreconditionValue[]): readonly Block[] {
  if (preconditions.length === 0) return [];
  const isSafe = preconditions.every(({ ok }) => ok);
  const lines = preconditions
    .slice(0, SHOWN)
    .map(({ ok, text }) => `${ok ? ":white_check_mark:" : ":x:"} ${line(text, LONGEST)}`);
  return [section(`*${isSafe ? "Why it is safe now" : "Facts it rests on"}*\n${lines.join("\n")}`)];
}

/** Draws what changed since the plan that people saw before. */
export function differenceBlocks({ differences }: Gate): readonly Block[] {
  if (differences.length === 0) return [];
  const lines = differences.slice(0, SHOWN).map((difference) => `• ${line(difference, LONGEST)}`);
  return [
    section(
      `:warning: *Changed since the plan that was shown before; earlier approvals are void*\n${lines.join("\n")}`,
    ),
  ];
}

/** Draws who agreed so far, each by name, and how many are needed. */
export function voteBlocks({ votes, approvals }: Gate): readonly Block[] {
  if (votes.length === 0) return [];
  const who = votes.slice(0, 8).map((vote) => `:ballot_box_with_check: ${bold(vote.by.name)} ${time(vote.at)}`);
  return [context(...who, `${votes.length} of ${approvals}`)];
}
