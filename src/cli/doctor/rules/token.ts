import { formatDuration } from "../../../lib/duration.ts";
import type { Failure } from "../../../lib/failure.ts";
import { ok, problem, warning } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { failureOf, valueOf } from "../examination.ts";
import type { ClusterExam } from "../examination.ts";
import { hasToken } from "../examine-cluster.ts";
import type { Rule } from "../rule.ts";

/** A token of somebody else's that ends sooner than this is worth a word. */
const SOON_S = 7 * 86_400;

/** Whether there is a token for reading, and how long it will be there. */
export const token: Rule = {
  name: "token",
  help: "The token for reading is valid, lasts, and is not root.",
  judge: (exam) => {
    if (!hasToken(exam.config)) return [judgeAbsence(exam)];
    if (exam.token === undefined)
      return [warning("the token was not tried: no node is active", "see the rule `leader`")];
    const failure = failureOf(exam.token.token);
    if (failure !== undefined) return [judgeFailure(exam, failure)];
    return [judgeLife(exam)];
  },
};

function judgeAbsence({ collectors, config }: ClusterExam): Diagnosis {
  const idle = collectors.filter(({ policy }) => policy.length > 0).map(({ name }) => name);
  if (idle.length === 0) return ok("none is configured, and no collector in use needs one");
  const fix = `set token or auth of cluster ${config.name}; \`sealwatch policy exporter\` prints what it may do`;
  return warning(`none is configured: these collectors show nothing: ${idle.join(", ")}`, fix);
}

function judgeFailure({ config }: ClusterExam, { message, reason }: Failure): Diagnosis {
  const at = message.lastIndexOf("; ");
  const fix =
    reason === "denied" && config.auth === undefined
      ? "give a new token when it has expired; a valid one lacks Vault's `default` policy (or its lines for lookup-self and capabilities-self)"
      : message.slice(at + 2);
  return problem(message.slice(0, at), fix);
}

function judgeLife({ config, token: exam }: ClusterExam): Diagnosis {
  const capabilities = Object.values(valueOf(exam?.capabilities) ?? {}).flat();
  const life = valueOf(exam?.token);
  if (capabilities.includes("root")) {
    const fix = "give it a policy of its own: sealwatch policy exporter | vault policy write sealwatch-exporter -";
    return warning("it is a root token: whoever reads it owns the cluster", fix);
  }
  if (life?.expiresAtSeconds === undefined) return ok("valid, and never ends");
  const left = formatDuration(life.ttlSeconds * 1000);
  if (config.auth !== undefined)
    return ok(`logged in by ${config.auth.method}; sealwatch renews the token (${left} left)`);
  if (life.ttlSeconds >= SOON_S) return ok(`valid for ${left}`);
  const fix = "let sealwatch log in by itself (clusters[].auth), or let an agent write the file (token: { file })";
  return warning(`ends in ${left}, and nobody but its owner renews it`, fix);
}
