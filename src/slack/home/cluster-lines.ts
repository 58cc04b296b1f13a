import { bold, code, line } from "../render/mrkdwn.ts";
import type { ClusterFacts, NodeFacts } from "../insight.ts";
import type { HomeState } from "./home-state.ts";

/** More nodes than this are counted. */
const NAMED = 3;

/** Writes a line for each cluster: first those that are not well. */
export function clusterLines(clusters: HomeState["clusters"]): readonly string[] {
  const lines = clusters.map(({ name, facts }) => ({ isWell: facts !== undefined && isWell(facts), name, facts }));
  return [...lines.filter(({ isWell: well }) => !well), ...lines.filter(({ isWell: well }) => well)].map(
    ({ isWell: well, name, facts }) =>
      facts === undefined
        ? `:grey_question: ${bold(name)} nothing is known of it now`
        : `${well ? ":white_check_mark:" : ":warning:"} ${bold(name)} ${wordsOf(facts)}`,
  );
}

function isWell({ nodes, margin }: ClusterFacts): boolean {
  const leaders = nodes.filter(({ state }) => state === "active").length;
  return leaders === 1 && nodes.every(serves) && (margin === undefined || margin > 0);
}

function serves({ state }: NodeFacts): boolean {
  return state === "active" || state === "standby";
}

function wordsOf({ nodes, sealType, margin }: ClusterFacts): string {
  const leaders = nodes.filter(({ state }) => state === "active");
  const serving = nodes.filter(serves).length;
  const leader =
    leaders.length === 1
      ? `${code(leaders[0]?.name ?? "")} leads`
      : leaders.length === 0
        ? "*no leader*"
        : "*two nodes call themselves leader*";
  const broken = nodes.filter((node) => !serves(node));
  const named = broken.slice(0, NAMED).map(({ name, state }) => `${code(name)} ${state}`);
  return [
    `${serving} of ${nodes.length} serve`,
    leader,
    ...named,
    ...(broken.length > NAMED ? [`${broken.length - NAMED} more are not well`] : []),
    ...(sealType === undefined ? [] : [line(sealType, 40)]),
    ...(margin === undefined ? [] : [marginWords(margin)]),
  ].join(" · ");
}

function marginWords(margin: number): string {
  if (margin < 0) return "*quorum is lost*";
  return margin === 0 ? "*1 more loss stops it*" : `${margin} more may be lost`;
}
