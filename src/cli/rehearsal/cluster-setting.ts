import type { ClusterSetting } from "./test-file.ts";

/** Gives the cluster of a test: what the file says of all its clusters, and what the test says of this one. */
export function settingOf(shared: ClusterSetting, own: ClusterSetting): ClusterSetting {
  return { ...shared, ...own };
}

/** Lists the names of a cluster's nodes. */
export function nodeNames({ nodes = 3 }: ClusterSetting): readonly string[] {
  return typeof nodes === "number" ? Array.from({ length: nodes }, (_, index) => `vault-${index}`) : nodes;
}
