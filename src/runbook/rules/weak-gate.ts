import { gateDemand, type Danger } from "../../lib/danger.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { Gate } from "../schema.ts";
import type { Rule } from "../rule.ts";

/** Refuses a gate that asks for less than the danger of its action demands. */
export const weakGate: Rule = {
  name: "weak-gate",
  summary:
    "A gate asks for fewer approvals, stays open longer, or lets a yes count longer, than the danger of its action allows.",
  *check({ compilations, declarations: { actions } }) {
    for (const { step, at } of compilations) {
      if (!("do" in step) || step.gate === undefined) continue;
      const action = actions.get(step.do);
      if (action === undefined) continue;
      for (const { key, message } of weaknesses(step.gate, step.do, action.danger))
        yield { path: [...at, "gate", key], message };
    }
  },
};

function* weaknesses({ approvals, expires, votesExpire }: Gate, action: string, danger: Danger) {
  const demand = gateDemand(danger);
  if (approvals !== undefined && approvals < demand.approvals)
    yield { key: "approvals", message: `${action} is ${danger}: it needs at least ${demand.approvals} approvals` };
  if (expires !== undefined && expires > demand.expiresMs)
    yield {
      key: "expires",
      message: `${action} is ${danger}: its gate may stay open for ${formatDuration(demand.expiresMs)} at most`,
    };
  if (votesExpire !== undefined && votesExpire > demand.expiresMs)
    yield {
      key: "votesExpire",
      message: `${action} is ${danger}: a yes may count for ${formatDuration(demand.expiresMs)} at most`,
    };
}
