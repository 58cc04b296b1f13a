import { ok, problem, warning } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { ClusterExam, NodeExam } from "../examination.ts";
import type { Rule } from "../rule.ts";

const DAY_MS = 86_400_000;

/** Days before the end at which a certificate is a warning, as in the alerts. */
const SOON_DAYS = 21;

/** Whether every listener's certificate has the right name, is vouched for and lasts a while. */
export const certificate: Rule = {
  name: "certificate",
  help: "Listener certificates: name, authority, expiry.",
  judge: (exam) => exam.nodes.flatMap((node) => judgeNode(exam, node)),
};

function judgeNode({ config, at }: ClusterExam, { probe: { node, listener } }: NodeExam): readonly Diagnosis[] {
  const shown = listener?.certificate;
  if (node.address.startsWith("http:"))
    return [warning("plain HTTP: whoever is on the way reads the token", "use https:// and tls.caFile", node.name)];
  if (shown === undefined) {
    // Who cannot be reached at all is another rule's finding.
    if (listener?.connectMs === undefined) return [];
    return [
      problem("it takes connections and shows no certificate", "see whether it speaks TLS at this port", node.name),
    ];
  }
  const days = Math.floor((shown.chainNotAfter - at) / DAY_MS);
  const until = new Date(shown.chainNotAfter).toISOString().slice(0, 10);
  if (shown.nameMismatch) {
    const expected = config.tls.serverName ?? new URL(node.address).hostname;
    return [
      problem(`its certificate is not for ${expected}`, "set tls.serverName to a name in the certificate", node.name),
    ];
  }
  if (days < 0)
    return [problem(`its certificate ended on ${until}`, "renew it, and reload the listener (SIGHUP)", node.name)];
  if (!shown.trusted)
    return [problem("no authority of ours vouches for its certificate", "name its authority in tls.caFile", node.name)];
  if (days < SOON_DAYS)
    return [
      warning(
        `its certificate ends on ${until}, in ${days} d`,
        "renew it, and reload the listener (SIGHUP)",
        node.name,
      ),
    ];
  return [ok(`its certificate is good until ${until}`, node.name)];
}
