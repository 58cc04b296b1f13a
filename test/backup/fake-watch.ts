import type { BackupListing } from "../../src/backup/destination.ts";
import type { BackupState, BackupWatch } from "../../src/backup/watch.ts";

/** A listing of an empty destination. */
export const EMPTY: BackupListing = {
  objects: 0,
  partialObjects: 0,
  newest: undefined,
  previous: undefined,
  pointerCurrent: undefined,
};

/** What is known before the first listing has ended. */
export const UNLISTED: BackupState = {
  listing: undefined,
  failure: undefined,
  listedAt: undefined,
  durationMs: undefined,
  failures: 0,
};

/** A watch of cluster `prod` that knows this and never lists. */
export function fakeWatch(state: Partial<BackupState>, destination = "nfs", cluster = "prod"): BackupWatch {
  return {
    cluster,
    destination,
    intervalMs: 86_400_000,
    state: () => ({ ...UNLISTED, ...state }),
    start: () => undefined,
    stop: async () => await Promise.resolve(),
  };
}

/** A watch of cluster `prod` that saw two backups, and that `latest` is the newer. */
export function listedWatch(listedAt: number): BackupWatch {
  const newest = { name: "b.snap", modifiedMs: listedAt - 60_000, sizeBytes: 2048 };
  const previous = { name: "a.snap", modifiedMs: listedAt - 120_000, sizeBytes: 3072 };
  const listing = { objects: 2, partialObjects: 1, newest, previous, pointerCurrent: true };
  return fakeWatch({ listing, listedAt, durationMs: 250 });
}
