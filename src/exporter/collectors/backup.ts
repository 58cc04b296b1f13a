import type { BackupListing } from "../../backup/destination.ts";
import type { BackupWatch } from "../../backup/watch.ts";
import type { Collector, Family, FamilyDeclaration } from "../collector.ts";
import { counter, gauge, withSamples } from "../family.ts";

const LABELS = ["destination"];

/** A family with how its value is read; undefined is "not known" and gives no sample. */
type Measure = FamilyDeclaration & { readonly read: (watch: BackupWatch) => number | undefined };

const measure = (family: FamilyDeclaration, read: Measure["read"]): Measure => ({ ...family, read });

/**
 * What the last listing found. Nothing is repeated from an older one: VaultBackupStale takes "cannot be listed" for "no recent
 * backup", and its 15 minutes are the patience.
 */
const found = (family: FamilyDeclaration, read: (listing: BackupListing) => number | undefined): Measure =>
  measure(family, (watch) => {
    const { listing } = watch.state();
    return listing === undefined ? undefined : read(listing);
  });

const MEASURES: readonly Measure[] = [
  measure(
    gauge(
      "sealwatch_backup_interval_seconds",
      "How often a backup should be made, from the configuration. Always a sample for every configured destination.",
      LABELS,
    ),
    ({ intervalMs }) => intervalMs / 1000,
  ),
  measure(
    gauge(
      "sealwatch_backup_listing_success",
      "1 if the last listing of the destination succeeded; 0 if it failed, and after a start until the first has ended. Always a sample for every configured destination.",
      LABELS,
    ),
    (watch) => Number(watch.state().listing !== undefined),
  ),
  measure(
    gauge(
      "sealwatch_backup_listing_timestamp_seconds",
      "When the last listing that succeeded began, as a Unix time: later backups may be missing from the other numbers. 0 when there was none since the start.",
      LABELS,
    ),
    (watch) => (watch.state().listedAt ?? 0) / 1000,
  ),
  measure(
    gauge(
      "sealwatch_backup_listing_duration_seconds",
      "How long the last listing took, also one that failed. No sample until the first has ended.",
      LABELS,
    ),
    (watch) => toSeconds(watch.state().durationMs),
  ),
  measure(
    counter(
      "sealwatch_backup_listing_failures_total",
      "Listings that failed or took longer than two minutes, since the start.",
      LABELS,
    ),
    (watch) => watch.state().failures,
  ),
  found(
    gauge(
      "sealwatch_backup_last_object_timestamp_seconds",
      "When the newest finished backup was written, as a Unix time; 0 when there is none at all. No sample while the destination cannot be listed, nor before its first listing has ended.",
      LABELS,
    ),
    ({ newest }) => (newest?.modifiedMs ?? 0) / 1000,
  ),
  found(
    gauge(
      "sealwatch_backup_last_object_size_bytes",
      "Size of the newest finished backup; 0 when there is none at all.",
      LABELS,
    ),
    ({ newest }) => newest?.sizeBytes ?? 0,
  ),
  found(
    gauge(
      "sealwatch_backup_last_object_size_change_bytes",
      "Size of the newest finished backup less that of the one before it. No sample when there are not two.",
      LABELS,
    ),
    ({ newest, previous }) => newest && previous && newest.sizeBytes - previous.sizeBytes,
  ),
  found(
    gauge(
      "sealwatch_backup_objects",
      "Finished backups: files or objects, not empty, whose name ends in the configured suffix. They are not opened; symbolic links and names whose last word is `latest` are not counted, unless `latest` is all there is.",
      LABELS,
    ),
    ({ objects }) => objects,
  ),
  found(
    gauge(
      "sealwatch_backup_partial_objects",
      "Files or objects that are being written or were left half-written: empty ones, .tmp, .part, .partial and the like.",
      LABELS,
    ),
    ({ partialObjects }) => partialObjects,
  ),
  found(
    gauge(
      "sealwatch_backup_latest_pointer_current",
      "1 if the link or copy called `latest` stands for the newest finished backup, 0 if for an older one or none. No sample when there is no such name.",
      LABELS,
    ),
    ({ pointerCurrent }) => (pointerCurrent === undefined ? undefined : Number(pointerCurrent)),
  ),
];

/**
 * Creates the collector of backups, measured where they land and not where they are sent from. A scrape only reads what the watches
 * saw last: a hung disk or server delays nobody.
 */
export function createBackupCollector(watches: readonly BackupWatch[]): Collector {
  return {
    name: "backup",
    help: "Age, size and number of the backups, measured where they land.",
    families: MEASURES.map(({ read: _read, ...declared }) => declared),
    policy: [],
    background: {
      start: () => {
        for (const watch of watches) watch.start();
      },
      stop: async () => {
        await Promise.all(watches.map((watch) => watch.stop()));
      },
    },
    collect: async ({ cluster, note }) => {
      const own = watches.filter((watch) => watch.cluster === cluster.name);
      for (const { failure } of own.map((watch) => watch.state())) if (failure !== undefined) note(failure);
      return await Promise.resolve(MEASURES.map((each) => familyOf(each, own)));
    },
  };
}

function familyOf({ read, ...declared }: Measure, watches: readonly BackupWatch[]): Family {
  const samples = watches.flatMap((watch) => {
    const value = read(watch);
    return value === undefined ? [] : [{ labels: { destination: watch.destination }, value }];
  });
  return withSamples(declared, samples);
}

function toSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
