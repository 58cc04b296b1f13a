import type { OutboxItem } from "../../../runner/ports.ts";
import { HOME_LANE } from "../pace/lanes.ts";
import { planAlert, type AlertPlanner } from "./plan-alert.ts";
import { planRun, type RunPlanner } from "./plan-run.ts";
import { TRUE_ALREADY, type Plan } from "./plan.ts";

/** What planning any subject needs. */
export type Planner = AlertPlanner &
  Omit<RunPlanner, "planAlert"> & {
    /** Makes a person's Home true; gives after how many milliseconds it must be looked at again. */
    readonly keepHome?: (item: OutboxItem) => Promise<number | undefined>;
  };

/** Makes the function that plans a subject of the outbox by its kind. */
export function createPlanner(planner: Planner): (item: OutboxItem) => Promise<Plan> {
  const planHome = homePlanner(planner);
  const alertOf = async (group: string) => await planAlert(planner, group);
  return async (item) => {
    const [kind, rest] = split(item.subject);
    if (kind === "run") return await planRun({ ...planner, planAlert: alertOf }, rest);
    if (kind === "alert") return await alertOf(rest);
    return kind === "home" ? planHome(item) : TRUE_ALREADY;
  };
}

function split(subject: string): readonly [kind: string, rest: string] {
  const at = subject.indexOf(":");
  return [subject.slice(0, at), subject.slice(at + 1)];
}

/** A Home is made true as a whole, once for each revision. */
function homePlanner({ keepHome, drawing: { clock } }: Planner): (item: OutboxItem) => Plan {
  const kept = new Map<string, { readonly revision: number; readonly againAt: number | undefined }>();
  return (item) => {
    const { subject, revision } = item;
    const last = kept.get(subject);
    if (last?.revision === revision) {
      kept.delete(subject);
      return { steps: [], againAt: last.againAt };
    }
    if (keepHome === undefined) return TRUE_ALREADY;
    const carryOut = async (): Promise<void> => {
      const againMs = await keepHome(item);
      kept.set(subject, { revision, againAt: againMs === undefined ? undefined : clock.now() + againMs });
    };
    return { steps: [{ id: subject, lane: HOME_LANE, rank: 3, order: 0, notBefore: 0, carryOut }], againAt: undefined };
  };
}
