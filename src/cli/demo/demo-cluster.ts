import { join, resolve } from "node:path";
import { mkdir } from "node:fs/promises";
import { renderPolicy, type PolicyRule } from "../../lib/vault-policy.ts";
import { systemClock } from "../../app/system.ts";
import { startOpenBao } from "../../sandbox/openbao/start-openbao.ts";
import { startSimulatedCluster } from "../../sandbox/vault/start-simulated-cluster.ts";

/** The name of the demo's cluster: what approvers type. */
export const CLUSTER = "prod";

/** DemoCluster is a cluster and the faults that the demo makes, simulated or real. */
export type DemoCluster = AsyncDisposable & {
  readonly what: string;
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  /** Empty without TLS. */
  readonly caFile: string;
  /** A token that may do what the policy says and nothing else. */
  readonly token: string;
  readonly threshold: number;
  readonly leader: () => Promise<string>;
  readonly seal: (node: string) => Promise<void>;
  /** A holder of a key share enters it at the node, not through sealwatch. */
  readonly enterShare: (node: string, holder: number) => Promise<void>;
  /** The machine is gone for good, and its disk. */
  readonly destroy: (node: string) => Promise<void>;
  /** Node ids in raft's configuration, read from the cluster itself. */
  readonly members: () => Promise<readonly string[]>;
};

const NODES = 3;
const SHARES = 3;
const THRESHOLD = 2;

/** Starts the simulated cluster: three nodes, Shamir seal. */
export async function startDemoSimulation(policy: readonly PolicyRule[]): Promise<DemoCluster> {
  const cluster = await startSimulatedCluster({
    clock: systemClock,
    nodes: NODES,
    clusterName: CLUSTER,
    shares: SHARES,
    threshold: THRESHOLD,
    deadAfterMs: 2000,
  });
  const token = `s.${"demo".repeat(6)}`;
  cluster.policy(token, policy);
  return {
    what: "a simulated cluster of three nodes",
    nodes: cluster.nodes,
    caFile: "",
    token,
    threshold: THRESHOLD,
    leader: async () => cluster.leader() ?? "",
    seal: async (node) => cluster.seal(node),
    enterShare: async (node, holder) => cluster.unsealShare(node, cluster.unsealKeys[holder] ?? ""),
    destroy: async (node) => {
      await cluster.stop(node);
      cluster.removeData(node);
    },
    members: async () => await readMembers(cluster.nodes, cluster.leader() ?? "", cluster.rootToken),
    [Symbol.asyncDispose]: cluster.close,
  };
}

/** Starts a real cluster of the given binary: three nodes, raft, TLS, Shamir seal. */
export async function startDemoOpenBao(
  binary: string,
  directory: string,
  policy: readonly PolicyRule[],
): Promise<DemoCluster> {
  const home = join(directory, "vault");
  await mkdir(home, { recursive: true });
  const cluster = await startOpenBao({
    // The servers run in directories of their own: a path must not depend on where it was typed. A bare name is looked up in PATH.
    binary: binary.includes("/") ? resolve(binary) : binary,
    directory: home,
    nodes: NODES,
    seal: { type: "shamir", shares: SHARES, threshold: THRESHOLD },
    clusterName: CLUSTER,
  });
  return {
    what: `a real cluster of three nodes (${binary})`,
    nodes: cluster.nodes,
    caFile: cluster.caFile,
    token: await cluster.createToken(renderPolicy(policy)),
    threshold: THRESHOLD,
    leader: async () => (await cluster.activeNode()).name,
    seal: async (node) => await cluster.node(node).seal(),
    enterShare: async (node, holder) => await cluster.node(node).unsealWith(cluster.unsealKeys[holder] ?? ""),
    destroy: async (node) => {
      await cluster.node(node).kill();
      await cluster.node(node).removeData();
    },
    members: async () => {
      const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/configuration");
      return membersOf(body);
    },
    [Symbol.asyncDispose]: cluster.stop,
  };
}

async function readMembers(nodes: DemoCluster["nodes"], leader: string, token: string): Promise<readonly string[]> {
  const address = nodes.find(({ name }) => name === leader)?.address;
  const answer = await fetch(`${address}/v1/sys/storage/raft/configuration`, { headers: { "X-Vault-Token": token } });
  return membersOf(await answer.json());
}

function membersOf(body: unknown): readonly string[] {
  const { data } = body as { data: { config: { servers: readonly { node_id: string }[] } } };
  return data.config.servers.map(({ node_id: nodeId }) => nodeId);
}
