import { defaultText } from "../runbook/input-value.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { VaultCluster } from "../vault/cluster.ts";

/** Inputs of a run as text, by name. */
export type Inputs = Readonly<Record<string, string>>;

/** Fills what needs no question: the runbook's defaults, and the cluster when there is only one. */
export function withDefaults(runbook: Runbook, given: Inputs, clusters: readonly Pick<VaultCluster, "name">[]): Inputs {
  const [only, ...others] = clusters;
  const filled = Object.entries(runbook.inputs).map(([name, input]): [string, string | undefined] => {
    const single = input.type === "cluster" && others.length === 0 ? only?.name : undefined;
    return [name, (Object.hasOwn(given, name) ? given[name] : undefined) ?? defaultText(input) ?? single];
  });
  return {
    ...given,
    ...Object.fromEntries(filled.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

/** Names the inputs that a runbook has and nobody gave. */
export function missingInputs(runbook: Runbook, given: Inputs): readonly string[] {
  return Object.keys(runbook.inputs).filter((name) => !Object.hasOwn(given, name));
}
