import type { RunAnswer, RunService } from "../runner/ports.ts";
import type { SlackObserver, SlackRefusal } from "./observer.ts";

type Code = Extract<RunAnswer, { ok: false }>["code"];

const REASONS = {
  "no-such-run": "unknown_action",
  ended: "stale",
  "not-now": "stale",
  closed: "stale",
  expired: "stale",
  changed: "stale",
  role: "role",
  group: "role",
  "self-approval": "self_approval",
  "voted-already": "refused",
  phrase: "refused",
  "break-glass": "refused",
  "reason-missing": "refused",
  answer: "refused",
  "no-such-runbook": "refused",
  inputs: "refused",
  secret: "secret",
} as const satisfies Readonly<Record<Code, SlackRefusal>>;

/** Gives the run service as Slack has it: whatever it refuses to somebody there is counted. */
export function countRefusals(runs: RunService, observer: SlackObserver): RunService {
  const counted = (answer: RunAnswer): RunAnswer => {
    if (!answer.ok) observer.refused(REASONS[answer.code]);
    return answer;
  };
  return {
    ...runs,
    start: async (request) => counted(await runs.start(request)),
    ask: async (request) => counted(await runs.ask(request)),
  };
}
