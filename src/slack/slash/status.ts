import type { Timestamp } from "../../lib/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { ClusterFacts, NodeFacts } from "../insight.ts";
import { context, type Content } from "../render/content.ts";
import { code, escape, link } from "../render/mrkdwn.ts";
import { clustersNamed } from "./clusters-named.ts";
import { fitLines } from "./fit-lines.ts";
import type { Subcommand } from "./subcommand.ts";

const SIGNS: Readonly<Record<NodeFacts["state"], string>> = {
  active: ":large_green_circle: active",
  standby: ":large_blue_circle: standby",
  "no-leader": ":large_orange_circle: unsealed, knows no leader",
  sealed: ":red_circle: *sealed*",
  uninitialized: ":white_circle: not initialized",
  unreachable: ":black_circle: *unreachable*",
};

/** With more clusters than this, healthy nodes are only counted. */
const IN_FULL = 3;
const BUDGET = 8000;

/** Shows every node of the clusters as it is now: seal type, leader, and how many more may be lost. */
export const status: Subcommand = {
  usage: "status [cluster]",
  summary: "every node as it is now: sealed, active, standby, unreachable; seal type, margin, leader",
  open: false,
  answer: async ({ clusters, insight, clock, externalUrl }, { words }) => {
    const named = clustersNamed(clusters, words);
    if ("refusal" in named) return named.refusal;
    const found = await Promise.all(
      named.clusters.map(async ({ name }) => ({ name, facts: await insight.cluster(name) })),
    );
    const inFull = named.clusters.length <= IN_FULL;
    const lines = found.flatMap(({ name, facts }) => clusterLines(name, facts, inFull));
    return draw(lines, { oldest: oldestOf(found), now: clock.now(), externalUrl });
  },
};

type Looked = { readonly oldest: Timestamp | undefined; readonly now: Timestamp; readonly externalUrl: string };

function draw(lines: readonly string[], { oldest, now, externalUrl }: Looked): Content {
  const page = link(externalUrl, "the web page") ?? "the web page";
  const age =
    oldest === undefined ? "" : now - oldest < 1000 ? "read just now" : `read ${formatDuration(now - oldest)} ago`;
  const blocks = fitLines(lines, BUDGET, (left) => `_and ${left} more lines: name a cluster, or see ${page}_`);
  return {
    text: "Status of the clusters",
    blocks: [...blocks, context(age === "" ? undefined : `${age}, node states without a token`)],
  };
}

function oldestOf(found: readonly { readonly facts: ClusterFacts | undefined }[]): Timestamp | undefined {
  const times = found.flatMap(({ facts }) => (facts === undefined ? [] : [facts.at]));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Every node when there is room, else those that are not well. */
function clusterLines(name: string, facts: ClusterFacts | undefined, inFull: boolean): readonly string[] {
  if (facts === undefined) return [`*${escape(name)}*: :grey_question: could not be looked at; see sealwatch's log`];
  const shown = inFull ? facts.nodes : facts.nodes.filter(({ state }) => state !== "active" && state !== "standby");
  return [
    `*${escape(name)}*: ${summary(facts)}`,
    ...shown.map((node) => `${SIGNS[node.state]}  ${code(node.name, 80)}${detail(node, facts)}`),
  ];
}

function summary(facts: ClusterFacts): string {
  const states = [...new Set(facts.nodes.map((node) => node.state))];
  const counts = states.map((state) => `${facts.nodes.filter((node) => node.state === state).length} ${state}`);
  const parts = [counts.join(", ") || "no node is known", leaderWords(facts), sealWords(facts), marginWords(facts)];
  return parts.filter((part) => part !== "").join("; ");
}

function leaderWords({ nodes }: ClusterFacts): string {
  const [leader, ...others] = nodes.filter((node) => node.state === "active");
  if (leader === undefined) return ":warning: no leader";
  return others.length === 0 ? `leader ${code(leader.name, 80)}` : ":warning: two nodes call themselves leader";
}

function sealWords({ sealType }: ClusterFacts): string {
  return sealType === undefined ? "" : `seal ${code(sealType, 40)}`;
}

/** Nobody knows it where raft is missing, or a token that may read it. */
function marginWords({ margin }: ClusterFacts): string {
  if (margin === undefined) return "";
  if (margin < 0) return ":red_circle: *quorum is lost*";
  if (margin === 0) return ":warning: *one more loss stops it*";
  return `${margin} more ${margin === 1 ? "node" : "nodes"} may be lost`;
}

function detail({ state, progress, version }: NodeFacts, { sealType }: ClusterFacts): string {
  if (state === "sealed" && progress !== undefined) return ` (${progress.entered} of ${progress.threshold} key shares)`;
  if (state === "sealed" && sealType !== undefined && sealType !== "shamir") return ` (${escape(sealType)} unseals it)`;
  return version === undefined || version === "" ? "" : ` (${escape(version)})`;
}
