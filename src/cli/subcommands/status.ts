import { toFailure } from "../../lib/failure.ts";
import type { SysSealStatus } from "../../vault/endpoints/sys-seal-status.ts";
import type { VaultCluster, VaultNode } from "../../vault/cluster.ts";
import { openClusters } from "../../app/clusters.ts";
import type { Settings } from "../../app/load-settings.ts";
import { silentLogger } from "../../lib/logger.ts";
import { suggestion } from "../../lib/nearest.ts";
import { EXIT, type Io } from "../io.ts";
import type { Env } from "../settings.ts";
import { table } from "../report.ts";

/** How long one node may take to say how it is. */
const NODE_TIMEOUT_MS = 3000;

/** One node's state in a word, and what stands behind it. */
export type NodeStatus = {
  readonly node: string;
  readonly state: "active" | "standby" | "sealed" | "uninitialized" | "unreachable";
  readonly version: string;
  readonly detail: string;
};

/** The subcommand: the clusters of the configuration, or one of them. */
export async function status(
  io: Io,
  settings: Settings,
  { cluster, env, json }: { readonly cluster: string | undefined; readonly env: Env; readonly json: boolean },
): Promise<number> {
  const configured = settings.config.clusters;
  const wanted = configured.filter(({ name }) => cluster === undefined || name === cluster);
  if (wanted.length === 0) {
    const names = configured.map(({ name }) => name);
    io.err(`sealwatch status: there is no cluster "${cluster}"${suggestion(cluster ?? "", names)}`);
    return EXIT.badInput;
  }
  // Token-free reads pin no identity, so nothing needs to be remembered here.
  const clusters = openClusters(wanted, {
    env,
    identityMemory: { load: () => undefined, save: () => {} },
    logger: silentLogger,
  });
  try {
    await clusters.discover();
    return (await printStatus(io, [...clusters.byName.values()], json)) ? EXIT.fine : EXIT.failed;
  } finally {
    await clusters.close();
  }
}

/** Reads every node of a cluster without a token; works when everything is sealed. */
export async function readStatus(cluster: VaultCluster): Promise<readonly NodeStatus[]> {
  return await Promise.all(cluster.nodes.map(async (node) => await readNode(node)));
}

/** Prints the state of clusters and gives whether all is well: one active node, the others standby. */
export async function printStatus(io: Io, clusters: readonly VaultCluster[], json: boolean): Promise<boolean> {
  const all = await Promise.all(
    clusters.map(async (cluster) => ({ cluster: cluster.name, nodes: await readStatus(cluster) })),
  );
  if (json) io.out(JSON.stringify(all, undefined, 2));
  else for (const line of all.flatMap(({ cluster, nodes }) => render(cluster, nodes))) io.out(line);
  return all.every(({ nodes }) => isWell(nodes));
}

function isWell(nodes: readonly NodeStatus[]): boolean {
  return (
    nodes.filter(({ state }) => state === "active").length === 1 &&
    nodes.every(({ state }) => state === "active" || state === "standby")
  );
}

function render(cluster: string, nodes: readonly NodeStatus[]): readonly string[] {
  const rows = nodes.map(({ node, state, version, detail }) => [`  ${node}`, state, version, detail]);
  return [`${cluster}: ${isWell(nodes) ? "well" : "NOT well"}`, ...table(rows)];
}

async function readNode(node: VaultNode): Promise<NodeStatus> {
  const options = { timeoutMs: NODE_TIMEOUT_MS };
  try {
    const [health, seal] = await Promise.all([node.health(options), node.sealStatus(options)]);
    const common = { node: node.name, version: health.version };
    if (!health.initialized)
      return { ...common, state: "uninitialized", detail: "has no data: empty or wrong volume?" };
    if (health.sealed) return { ...common, state: "sealed", detail: sealDetail(seal) };
    return { ...common, state: health.standby ? "standby" : "active", detail: `seal ${seal.type}` };
  } catch (error) {
    return { node: node.name, state: "unreachable", version: "", detail: toFailure(error).message };
  }
}

function sealDetail(seal: SysSealStatus): string {
  if (seal.type !== "shamir") return `seal ${seal.type}: look at its key service first`;
  return `seal shamir: ${seal.progress} of ${seal.threshold} key shares entered`;
}
