import type { Failure } from "../../../lib/failure.ts";
import { ok, problem, warning } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { failureOf, valueOf } from "../examination.ts";
import type { ClusterExam, OperatorTrial } from "../examination.ts";
import type { Rule } from "../rule.ts";

/** Whether an approved call would get its token: each action in use was tried, from the login to the proof of its revocation. */
export const operator: Rule = {
  name: "operator",
  help: "For every action in use a token can be minted, with its policy alone, and revoked again.",
  judge: ({ config, operator: trials }) => {
    if (config.operator === undefined) return [ok(hasToken(config) ? ONE_FOR_ALL : NONE)];
    if (trials === undefined) return [warning("minting was not tried: no node is active", "see the rule `leader`")];
    if (trials.length === 0) return [ok("no runbook in use has an action that calls Vault")];
    const found = Map.groupBy(trials.flatMap(judgeTrial), ({ cause }) => cause);
    if (found.size === 0) return [ok(`a token was minted and revoked for each of ${trials.length} actions in use`)];
    return [...found.values()].flatMap(([first, ...alike]) => (first === undefined ? [] : [together(first, alike)]));
  },
};

const ONE_FOR_ALL = "one token serves every call (clusters[].operator would mint one for each)";
const NONE = "no token is configured, so no runbook can change anything";

function hasToken({ operatorToken, token, auth }: ClusterExam["config"]): boolean {
  return operatorToken !== undefined || token !== undefined || auth !== undefined;
}

/** A diagnosis of one action, and the same without its name: what is wrong with the login or the role is wrong for all. */
type Judged = { readonly action: string; readonly cause: string; readonly diagnosis: Diagnosis };

function judgeTrial({ action, end }: OperatorTrial): readonly Judged[] {
  const ended = valueOf(end);
  if (ended?.revoked === "verified") return [];
  const failure = failureOf(end);
  const diagnosis =
    failure === undefined
      ? problem(`${action}: ${ended?.text}`, "`sealwatch policy operator` prints what the login must be permitted")
      : judgeFailure(failure);
  const cause = JSON.stringify(diagnosis).replaceAll(action, "").replaceAll(action.replaceAll(".", "-"), "");
  return [{ action, cause, diagnosis }];
}

function together({ diagnosis }: Judged, alike: readonly Judged[]): Diagnosis {
  if (alike.length === 0) return diagnosis;
  return { ...diagnosis, seen: `${diagnosis.seen} (and so for ${alike.map(({ action }) => action).join(", ")})` };
}

function judgeFailure({ message }: Failure): Diagnosis {
  const at = message.lastIndexOf("; ");
  return problem(message.slice(0, at), message.slice(at + 2));
}
