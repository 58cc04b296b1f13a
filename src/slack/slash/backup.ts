import type { Timestamp } from "../../lib/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { BackupFacts } from "../insight.ts";
import { context, say, type Content } from "../render/content.ts";
import { code, line, link, time } from "../render/mrkdwn.ts";
import { clustersNamed } from "./clusters-named.ts";
import { fitLines } from "./fit-lines.ts";
import type { Subcommand } from "./subcommand.ts";

/** Worst first. */
const ORDER: readonly BackupFacts["state"][] = ["missing", "stale", "unknown", "fresh"];
const SIGNS: Readonly<Record<BackupFacts["state"], string>> = {
  missing: ":red_circle: *none*",
  stale: ":red_circle: *too old*",
  unknown: ":grey_question: not known",
  fresh: ":large_green_circle: fresh",
};
const BUDGET = 7000;

/** Shows the newest backup of every place where backups land: age, size, and whether it is fresh. */
export const backup: Subcommand = {
  usage: "backup [cluster]",
  summary: "the newest backup wherever backups land: age, size, fresh or not",
  open: false,
  answer: async ({ clusters, insight, clock, externalUrl }, { words }) => {
    const named = clustersNamed(clusters, words);
    if ("refusal" in named) return named.refusal;
    const wanted = new Set(named.clusters.map(({ name }) => name));
    const found = (await insight.backups()).filter(({ cluster }) => wanted.has(cluster));
    const without = [...wanted].filter((name) => !found.some(({ cluster }) => cluster === name));
    if (found.length === 0)
      return say(`${NONE} ${without.length === 1 ? `for ${code(without[0] ?? "", 80)}` : ""}`.trim());
    return draw(found, { without, now: clock.now(), page: link(externalUrl, "the web page") ?? "the web page" });
  },
};

const NONE = "No place is configured where backups land (`clusters[].backups`), so nobody watches them";

type Shown = { readonly without: readonly string[]; readonly now: Timestamp; readonly page: string };

function draw(found: readonly BackupFacts[], { without, now, page }: Shown): Content {
  const sorted = found.toSorted((left, right) => ORDER.indexOf(left.state) - ORDER.indexOf(right.state));
  const unwatched = without.map(
    (name) => `:grey_question: ${code(name, 80)} has no place configured where backups land`,
  );
  const lines = [...sorted.map((each) => backupLine(each, now)), ...unwatched];
  return {
    text: "Backups",
    blocks: [
      ...fitLines(lines, BUDGET, (left) => `_and ${left} more: name a cluster, or see ${page}_`),
      context("read where the backups land, not where they are sent from"),
    ],
  };
}

function backupLine({ cluster, name, newest, maxAgeMs, state, why, at }: BackupFacts, now: Timestamp): string {
  const what = `${SIGNS[state]}  ${code(cluster, 80)} ${code(name, 80)}`;
  const size =
    newest === undefined
      ? ""
      : `: ${formatDuration(now - newest.at)} old (${time(newest.at)}), ${sizeWords(newest.bytes)}`;
  const limit = maxAgeMs === undefined || state === "fresh" ? "" : `; at most ${formatDuration(maxAgeMs)} is allowed`;
  const looked = at === undefined ? "" : `; looked ${formatDuration(now - at)} ago`;
  return `${what}${size}${limit}${why === undefined ? "" : `; ${line(why, 200)}`}${looked}`;
}

/** Writes bytes the way people read them: `12.3 MB`. */
export function sizeWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ""}`;
}
