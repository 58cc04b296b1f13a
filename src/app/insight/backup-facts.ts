import type { BackupState, BackupWatch } from "../../backup/watch.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { BackupFacts } from "../../slack/insight.ts";

/** VaultBackupStale fires after two intervals: the bot calls stale what the alert does. */
const INTERVALS = 2;

/** Tells what a watch saw last; asks nobody. */
export function backupFacts({ cluster, destination, intervalMs, state }: BackupWatch, now: Timestamp): BackupFacts {
  const seen = state();
  const { listing, listedAt } = seen;
  const newest = listing?.newest;
  const maxAgeMs = INTERVALS * intervalMs;
  return {
    cluster,
    name: destination,
    at: listedAt,
    newest: newest === undefined ? undefined : { at: newest.modifiedMs, bytes: newest.sizeBytes },
    maxAgeMs,
    state: judge(seen, maxAgeMs, now),
    why: whyUnknown(seen),
  };
}

/** What could not be listed is not known, however good it was an hour ago. */
function judge({ listing }: BackupState, maxAgeMs: number, now: Timestamp): BackupFacts["state"] {
  if (listing === undefined) return "unknown";
  if (listing.newest === undefined) return "missing";
  return now - listing.newest.modifiedMs > maxAgeMs ? "stale" : "fresh";
}

function whyUnknown({ listing, failure, durationMs }: BackupState): string | undefined {
  if (listing !== undefined) return undefined;
  if (failure !== undefined) return failure.message;
  return durationMs === undefined
    ? "it was not listed yet; when that lasts, the collector backup is not among exporter.collectors"
    : "the last listing gave nothing";
}
