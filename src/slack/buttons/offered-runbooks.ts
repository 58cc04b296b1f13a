import type { AlertGroup } from "../../runner/ports.ts";
import type { Bot } from "../bot.ts";
import type { AlertCard } from "../render/alert-card.ts";
import { missingInputs, withDefaults } from "../run-inputs.ts";

/** Gives the runbook that answers an alert group, whether its form asks for something, and the others that list one of its alerts. */
export function offeredRunbooks(
  { catalog, clusters, match }: Pick<Bot, "catalog" | "clusters" | "match">,
  group: AlertGroup,
): Required<Pick<AlertCard, "runbook" | "others">> {
  const runbooks = catalog();
  const matched = match(group);
  const answer = matched === undefined ? undefined : runbooks.get(matched.runbook)?.runbook;
  if (matched === undefined || answer === undefined) return { runbook: undefined, others: [] };
  const names = new Set(group.alerts.map(({ labels }) => labels["alertname"]));
  const others = [...runbooks.values()]
    .map(({ runbook }) => runbook)
    .filter(({ id, alerts }) => id !== answer.id && alerts.some((name) => names.has(name)));
  const asks = missingInputs(answer, withDefaults(answer, matched.inputs, clusters)).length > 0;
  return {
    runbook: { id: answer.id, title: answer.title, asks },
    others: others.map(({ id, title }) => ({ id, title })),
  };
}
