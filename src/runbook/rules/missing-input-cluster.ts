import type { Rule } from "../rule.ts";

/** Demands exactly one input of type cluster: every run has one target. */
export const missingInputCluster: Rule = {
  name: "missing-input-cluster",
  summary: "A runbook needs exactly one input of type `cluster`: the target of its runs.",
  *check({ runbook: { inputs } }) {
    const [first, ...others] = Object.keys(inputs).filter((name) => inputs[name]?.type === "cluster");
    if (first === undefined)
      yield { path: ["inputs"], on: "key", message: 'no input has the type cluster; add "cluster: { type: cluster }"' };
    for (const name of others)
      yield { path: ["inputs", name], on: "key", message: `"${first}" is the cluster already; a run has one target` };
  },
};
