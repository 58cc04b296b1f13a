import { ok, problem } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { NodeExam } from "../examination.ts";
import type { Rule } from "../rule.ts";

/** Whether every node that answers is unsealed and has its data. */
export const sealed: Rule = {
  name: "sealed",
  help: "No node is sealed or without data.",
  judge: ({ config, nodes }) => {
    const bad = nodes.flatMap((exam) => judgeNode(config.name, exam));
    return bad.length > 0 ? bad : [ok("no node that answers is sealed")];
  },
};

function judgeNode(cluster: string, { probe: { node, state, seal } }: NodeExam): readonly Diagnosis[] {
  if (state === "uninitialized") {
    const fix = "let it join its cluster (see its log), or give it back its volume";
    return [problem("it has no data", fix, node.name)];
  }
  if (state !== "sealed") return [];
  const shares = seal?.type === "shamir" ? `: ${seal.progress} of ${seal.threshold} key shares entered` : "";
  const fix = `sealwatch run sealed-node cluster=${cluster} node=${node.name}`;
  return [problem(`sealed (${seal?.type ?? "seal unknown"})${shares}`, fix, node.name)];
}
