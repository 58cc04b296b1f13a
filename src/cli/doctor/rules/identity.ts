import { ok, problem } from "../diagnosis.ts";
import type { Rule } from "../rule.ts";

/** Whether the nodes say that they are the cluster that is configured. */
export const identity: Rule = {
  name: "identity",
  help: "The nodes name the configured cluster id, and all the same one.",
  judge: ({ config, nodes }) => {
    const strangers = nodes.filter(({ probe }) => probe.failure?.reason === "wrong-cluster");
    const [said] = nodes.flatMap(({ probe }) => probe.health?.clusterId ?? probe.seal?.clusterId ?? []);
    if (strangers.length > 0) {
      const names = strangers.map(({ probe }) => probe.node.name).join(", ");
      const fix = "correct the addresses, or set clusters[].clusterId to the new id when the cluster was rebuilt";
      return [problem(`another cluster answers for ${names}`, fix)];
    }
    if (said === undefined || said === "") return [];
    return [ok(config.clusterId === undefined ? `cluster id ${said}` : `cluster id ${said}, as configured`)];
  },
};
