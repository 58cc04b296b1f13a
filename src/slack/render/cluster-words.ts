import type { ClusterFacts, NodeFacts } from "../insight.ts";
import { code, line } from "./mrkdwn.ts";

const SHOWN_NODES = 7;

/** Says how a cluster stands, in one or two lines: its seal, how many more nodes may be lost, and each node that matters. */
export function clusterWords({ sealType, margin, nodes }: ClusterFacts): string {
  const seal = sealType === undefined ? undefined : `seal ${code(sealType, 40)}`;
  const first = [seal, marginWords(margin)].filter((part) => part !== undefined).join(" · ");
  const shown = nodes.toSorted((left, right) => weight(right) - weight(left)).slice(0, SHOWN_NODES);
  const more = nodes.length > shown.length ? [`and ${nodes.length - shown.length} more`] : [];
  const second = [...shown.map(nodeWords), ...more].join(", ");
  return [first, second].filter((text) => text !== "").join("\n");
}

/** Says how many more voters may be lost; undefined where nobody can tell. */
export function marginWords(margin: number | undefined): string | undefined {
  if (margin === undefined) return undefined;
  if (margin < 0) return ":rotating_light: *quorum is lost*";
  if (margin === 0) return ":warning: *one more loss stops the cluster*";
  return margin === 1 ? "one node may still be lost" : `${margin} nodes may still be lost`;
}

/** What is wrong comes first. */
function weight({ state }: NodeFacts): number {
  if (state === "active") return 1;
  return state === "standby" ? 0 : 2;
}

function nodeWords({ name, state, progress }: NodeFacts): string {
  const shares = progress === undefined ? "" : ` (${progress.entered} of ${progress.threshold} key shares entered)`;
  const bad = weight({ name, state, version: undefined }) === 2;
  const words = state === "no-leader" ? "without a leader" : state;
  return `${line(name, 60)} ${bad ? `*${words}*` : words}${shares}`;
}
