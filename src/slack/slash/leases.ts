import type { Timestamp } from "../../lib/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { LeaseFacts } from "../insight.ts";
import { say, type Content } from "../render/content.ts";
import { code, line, link } from "../render/mrkdwn.ts";
import { clustersNamed } from "./clusters-named.ts";
import { fitLines } from "./fit-lines.ts";
import type { Subcommand } from "./subcommand.ts";

const BUDGET = 8000;
/** With more clusters only their largest mounts are named. */
const IN_FULL = 3;
const MOUNTS = { inFull: 10, short: 2 };

/** Shows how many leases there are, how many cannot be revoked, and which mounts have most. */
export const leases: Subcommand = {
  usage: "leases [cluster]",
  summary: "leases, those that cannot be revoked, and the mounts that have most",
  open: false,
  answer: async ({ clusters, insight, clock, externalUrl }, { words }) => {
    const named = clustersNamed(clusters, words);
    if ("refusal" in named) return named.refusal;
    if (named.clusters.length === 0) return say("No cluster is configured.");
    const found = await Promise.all(named.clusters.map(async ({ name }) => await insight.leases(name)));
    const mounts = found.length <= IN_FULL ? MOUNTS.inFull : MOUNTS.short;
    const lines = found.flatMap((facts) => leaseLines(facts, clock.now(), mounts));
    return draw(lines, link(externalUrl, "the web page") ?? "the web page");
  },
};

function draw(lines: readonly string[], page: string): Content {
  return {
    text: "Leases",
    blocks: fitLines(lines, BUDGET, (left) => `_and ${left} more lines: name a cluster, or see ${page}_`),
  };
}

function leaseLines(facts: LeaseFacts, now: Timestamp, mounts: number): readonly string[] {
  const { cluster, total, irrevocable, byMount, at, why } = facts;
  const counted = at === undefined ? "" : `, counted ${formatDuration(now - at)} ago`;
  const parts = [total === undefined ? "how many is not known" : `${total} leases`, stuck(irrevocable)];
  const largest = byMount.slice(0, mounts).map(({ mount, count }) => `• ${code(mount, 100)} ${count}`);
  return [
    `${code(cluster, 80)}: ${parts.filter((part) => part !== "").join(", ")}`,
    ...largest.map((each, index) => (index === 0 ? `_by mount${counted}_\n${each}` : each)),
    ...(why === undefined ? [] : [`:grey_question: ${line(why, 250)}`]),
  ];
}

function stuck(irrevocable: number | undefined): string {
  if (irrevocable === undefined) return "";
  return irrevocable === 0
    ? "none stuck"
    : `:warning: *${irrevocable} cannot be revoked*: their credentials still work`;
}
