import { nearest } from "../../lib/nearest.ts";
import { toFailure } from "../../lib/failure.ts";
import type { VaultCluster, VaultNode } from "../../vault/cluster.ts";
import { say, section, context, type Block, type Content } from "../render/content.ts";
import { code, escape } from "../render/mrkdwn.ts";
import type { Subcommand } from "./subcommand.ts";

/** How long one node may take, in milliseconds; the answer waits for the slowest. */
const NODE_TIMEOUT_MS = 5000;

/** What a node says of itself, read without a token. */
type NodeStatus = {
  readonly node: string;
  readonly state: "active" | "standby" | "no-leader" | "sealed" | "uninitialized" | "unreachable";
  readonly detail: string;
};

const SIGNS: Readonly<Record<NodeStatus["state"], string>> = {
  active: ":large_green_circle: active",
  standby: ":large_blue_circle: standby",
  "no-leader": ":large_orange_circle: unsealed, knows no leader",
  sealed: ":red_circle: *sealed*",
  uninitialized: ":white_circle: not initialized",
  unreachable: ":black_circle: *unreachable*",
};

/** Shows every node of the clusters as it is now, from `sys/seal-status` and `sys/leader`, without a token. */
export const status: Subcommand = {
  usage: "status [cluster]",
  summary: "every node as it is now: sealed, active, standby, unreachable",
  open: false,
  answer: async ({ clusters }, { words: [name] }) => {
    if (name === undefined) return join(await Promise.all(clusters.map(clusterBlocks)));
    const found = clusters.find((cluster) => cluster.name === name);
    return found === undefined ? unknownCluster(name, clusters) : join([await clusterBlocks(found)]);
  },
};

/** Refuses a cluster's name that nobody configured, with the nearest that somebody did. */
export function unknownCluster(name: string, clusters: readonly Pick<VaultCluster, "name">[]): Content {
  const known = clusters.map((cluster) => cluster.name);
  const near = nearest(name, known);
  const hint = near === undefined ? `Known: ${known.map(code).join(", ")}.` : `Did you mean ${code(near)}?`;
  return say(`There is no cluster ${code(name)}. ${hint}`);
}

function join(parts: readonly (readonly Block[])[]): Content {
  return { text: "Status of the clusters", blocks: parts.flat() };
}

async function clusterBlocks(cluster: VaultCluster): Promise<readonly Block[]> {
  const nodes = await Promise.all(cluster.nodes.map(readNode));
  const lines = nodes.map(
    ({ node, state, detail }) => `${SIGNS[state]}  ${code(node)}${detail === "" ? "" : ` ${detail}`}`,
  );
  return [
    section(`*${escape(cluster.name)}*: ${summary(nodes)}\n${lines.join("\n")}`),
    context("read just now from every node, without a token"),
  ];
}

function summary(nodes: readonly NodeStatus[]): string {
  const states = [...new Set(nodes.map((node) => node.state))];
  const counts = states.map((state) => `${nodes.filter((node) => node.state === state).length} ${state}`);
  const leaders = nodes.filter((node) => node.state === "active");
  if (leaders.length === 1) return `${counts.join(", ")}; leader ${code(leaders[0]?.node ?? "")}`;
  return `${counts.join(", ")}; ${leaders.length === 0 ? ":warning: no leader" : ":warning: two nodes call themselves leader"}`;
}

async function readNode(node: VaultNode): Promise<NodeStatus> {
  const options = { timeoutMs: NODE_TIMEOUT_MS };
  try {
    const seal = await node.sealStatus(options);
    if (!seal.initialized) return { node: node.name, state: "uninitialized", detail: "" };
    if (seal.sealed) return { node: node.name, state: "sealed", detail: sealDetail(seal) };
    const leader = await node.leader(options);
    if (leader.isSelf) return { node: node.name, state: "active", detail: version(seal.version) };
    return {
      node: node.name,
      state: leader.leaderAddress === "" ? "no-leader" : "standby",
      detail: version(seal.version),
    };
  } catch (error) {
    return { node: node.name, state: "unreachable", detail: `(${toFailure(error).reason})` };
  }
}

function sealDetail(seal: { readonly type: string; readonly progress: number; readonly threshold: number }): string {
  if (seal.type !== "shamir") return `(${escape(seal.type)} unseals it)`;
  return `(${seal.progress} of ${seal.threshold} key shares)`;
}

function version(text: string): string {
  return text === "" ? "" : `(${escape(text)})`;
}
