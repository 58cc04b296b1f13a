import { ok, warning } from "../diagnosis.ts";
import type { Rule } from "../rule.ts";

/** Whether the nodes run one version of the product that is configured. */
export const version: Rule = {
  name: "version",
  help: "One product and one version on all nodes.",
  judge: ({ config, product, nodes }) => {
    const byVersion = Map.groupBy(
      nodes.filter(({ probe }) => (probe.health?.version ?? "") !== ""),
      ({ probe }) => probe.health?.version ?? "",
    );
    const [only] = byVersion.keys();
    const vaultKeys = nodes.some(({ probe }) => probe.health?.hasVaultOnlyKeys === true);
    if (config.product === "openbao" && vaultKeys)
      return [
        warning("the nodes answer as HashiCorp's Vault does", `set clusters[].product of ${config.name} to vault`),
      ];
    if (only === undefined) return [];
    if (byVersion.size === 1) return [ok(`${product} ${only}`)];
    const seen = [...byVersion].map(([each, of]) => `${each} on ${of.map(({ probe }) => probe.node.name).join(", ")}`);
    return [
      warning(`different versions: ${seen.join("; ")}`, "finish the upgrade: the standbys first, the active node last"),
    ];
  },
};
