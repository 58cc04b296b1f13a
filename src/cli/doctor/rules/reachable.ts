import { ok, problem } from "../diagnosis.ts";
import type { Rule } from "../rule.ts";

/** Whether every node answers, and whether what answers is ours. */
export const reachable: Rule = {
  name: "reachable",
  help: "Every configured node answers sys/health, and belongs to the cluster.",
  judge: ({ config, nodes }) => {
    if (nodes.length === 0) {
      const where = config.discovery === undefined ? "nodes" : `discovery (${config.discovery.type})`;
      return [problem("no node is known", `see clusters[].${where} of ${config.name}, and what its search said above`)];
    }
    return nodes.map(({ probe: { node, state, health, healthMs, failure } }) => {
      if (failure !== undefined) {
        const { why, advice } = halves(failure.message);
        return problem(why, advice, node.name);
      }
      const version = health?.version === "" ? "version hidden" : health?.version;
      return ok(`${state}, ${version}, answers in ${healthMs} ms`, node.name);
    });
  },
};

/** An error of ours is `cannot …: why; what to do`. */
function halves(message: string): { readonly why: string; readonly advice: string } {
  const at = message.lastIndexOf("; ");
  return at === -1
    ? { why: message, advice: "see what answers at this address" }
    : { why: message.slice(0, at), advice: message.slice(at + 2) };
}
