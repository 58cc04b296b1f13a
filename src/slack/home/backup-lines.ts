import type { Timestamp } from "../../lib/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { BackupFacts, DrillFacts } from "../insight.ts";
import { bold, code, line, time } from "../render/mrkdwn.ts";

const SIGNS: Readonly<Record<BackupFacts["state"], string>> = {
  missing: ":x:",
  stale: ":warning:",
  unknown: ":grey_question:",
  fresh: ":white_check_mark:",
};
const ORDER: readonly BackupFacts["state"][] = ["missing", "stale", "unknown", "fresh"];

/** Writes a line for each place where backups land, worst first. */
export function backupLines(backups: readonly BackupFacts[]): readonly string[] {
  return backups
    .toSorted((left, right) => ORDER.indexOf(left.state) - ORDER.indexOf(right.state))
    .map((backup) => `${SIGNS[backup.state]} ${bold(backup.cluster)} ${code(backup.name)} ${wordsOf(backup)}`);
}

function wordsOf({ state, newest, maxAgeMs, why }: BackupFacts): string {
  if (state === "unknown") return why === undefined ? "not looked at yet" : `cannot be read: ${line(why, 200)}`;
  if (newest === undefined) return "there is none";
  const limit = state === "stale" && maxAgeMs !== undefined ? `, at most ${formatDuration(maxAgeMs)} is wanted` : "";
  return `the newest is of ${time(newest.at)}${limit}`;
}

/** Writes a line for each runbook whose drill is due. */
export function drillLines(drills: readonly DrillFacts[], now: Timestamp): readonly string[] {
  return drills
    .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
    .toSorted((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0))
    .map(({ runbook, title, everyMs, lastAt, dueAt }) => {
      const last = lastAt === undefined ? "never practised" : `last practised ${time(lastAt)}`;
      const since = dueAt === undefined ? "" : `due since ${time(dueAt)}, `;
      return `:calendar: ${bold(title)} ${since}every ${formatDuration(everyMs)}, ${last} · ${code(`/vault runbook ${runbook} --drill`)}`;
    });
}
