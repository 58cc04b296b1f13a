import type { NodeProbe } from "../probe-nodes.ts";

/** The version that a node runs; undefined when it could not be asked or its listener hides it. */
export function versionOf({ health, seal }: Pick<NodeProbe, "health" | "seal">): string | undefined {
  return [health?.version, seal?.version].find((version) => version !== undefined && version !== "");
}
