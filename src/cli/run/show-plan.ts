import { stepOf } from "../../engine/blocks.ts";
import type { RunEvent } from "../../engine/events.ts";
import type { FinishedRun, OpenRun, Plan } from "../../engine/run.ts";
import { stepPlace } from "../../engine/step-depth.ts";
import { gateDemand } from "../../lib/danger.ts";

/** What a dry run found out about one call: exactly what would be called, what it would take, and what holds now. */
export type PlannedCall = {
  readonly step: string;
  readonly call: string;
  readonly action: string;
  readonly danger: Plan["danger"];
  readonly cluster: string;
  /** People who must approve, the groups of which they must be, and whether each types the cluster's name. */
  readonly gate: { readonly approvals: number; readonly groups: readonly string[]; readonly typesName: boolean };
  readonly preconditions: readonly { readonly ok: boolean; readonly text: string }[];
  readonly cost: string;
  readonly proof: string;
};

/** Gives the calls that a dry run planned, in order. */
export function plansOf(run: OpenRun | FinishedRun, events: readonly RunEvent[]): readonly PlannedCall[] {
  return events.flatMap((event) =>
    event.type === "StepPlanned" && event.plan !== undefined ? [planned(run, event.step, event.plan)] : [],
  );
}

/** Writes planned calls for the terminal. */
export function planLines(plans: readonly PlannedCall[]): readonly string[] {
  if (plans.length === 0) return ["PLAN: nothing would be changed"];
  return [
    `PLAN: ${plans.length === 1 ? "1 call" : `${plans.length} calls`} as things are now`,
    ...plans.flatMap(lines),
  ];
}

function planned(run: OpenRun | FinishedRun, step: string, plan: Plan): PlannedCall {
  const demand = gateDemand(plan.danger);
  const definition = stepOf(run, step);
  const asked = "do" in definition ? (definition.gate ?? {}) : {};
  return {
    step,
    call: plan.explain.call,
    action: plan.call.name,
    danger: plan.danger,
    cluster: plan.cluster,
    gate: {
      approvals: Math.max(demand.approvals, asked.approvals ?? 0),
      groups: asked.groups ?? [],
      typesName: demand.typedPhrase,
    },
    preconditions: plan.preconditions.map(({ ok, text }) => ({ ok, text })),
    cost: plan.explain.cost,
    proof: plan.explain.proof,
  };
}

function lines(
  { step, call, danger, gate, preconditions, cost, proof }: PlannedCall,
  index: number,
): readonly string[] {
  const place = stepPlace(step);
  const from = gate.groups.length === 0 ? "" : ` of ${gate.groups.join(" or ")}`;
  const people = gate.approvals === 1 ? `1 person${from} must approve` : `${gate.approvals} people${from} must approve`;
  return [
    `  ${index + 1}. ${step}${place === undefined ? "" : ` [${place}]`}`,
    `     call:  ${call}`,
    `     gate:  ${danger}: ${people}${gate.typesName ? ", each typing the cluster's name" : ""}`,
    ...preconditions.map(({ ok, text }) => `     now:   ${ok ? "✔" : "✘ NOT:"} ${text}`),
    `     cost:  ${cost}`,
    `     proof: ${proof}`,
  ];
}
