import { listBackups, type BackupListing } from "../backup-directory.ts";
import { callBudget } from "../call-budget.ts";
import type { CollectContext, Collector, Family, FamilyDeclaration } from "../collector.ts";
import { gauge, withSamples } from "../family.ts";
import { orNoted } from "../or-noted.ts";
import { untilAborted } from "../until-aborted.ts";

/** BackupConfig is a place where backups land, and how often one should. */
export type BackupConfig = {
  /** Label `destination`. */
  readonly name: string;
  readonly directory?: string | undefined;
  /** Milliseconds. */
  readonly interval: number;
};

const SHARE = 0.8;
const LABELS = ["destination"];

const interval = gauge(
  "sealwatch_backup_interval_seconds",
  "How often a backup should be made, from the configuration. Always a sample for every configured destination.",
  LABELS,
);
const listingSuccess = gauge(
  "sealwatch_backup_listing_success",
  "1 if the destination could be listed, 0 if not. Always a sample for every configured destination.",
  LABELS,
);
const lastTimestamp = gauge(
  "sealwatch_backup_last_object_timestamp_seconds",
  "When the newest finished backup was written, as a Unix time; 0 when there is none at all. No sample while the destination cannot be listed.",
  LABELS,
);
const lastSize = gauge(
  "sealwatch_backup_last_object_size_bytes",
  "Size of the newest finished backup; 0 when there is none at all.",
  LABELS,
);
const objects = gauge(
  "sealwatch_backup_objects",
  "Finished backups: regular, non-empty files that end in .snap. They are not opened; symbolic links are not counted.",
  LABELS,
);
const partialObjects = gauge(
  "sealwatch_backup_partial_objects",
  "Files that are being written or were left half-written: empty .snap files, .tmp, .part, .partial and the like.",
  LABELS,
);

/** One destination's configuration with what lies there; undefined when it could not be listed. */
type Destination = { readonly config: BackupConfig; readonly listing: BackupListing | undefined };

/** Creates the collector of backups, measured where they land and not where they are sent from. */
export function createBackupCollector(
  destinationsOf: (cluster: string) => readonly BackupConfig[],
  listDirectory: typeof listBackups = listBackups,
): Collector {
  const list = oncePerDirectory(listDirectory);
  return {
    name: "backup",
    help: "Age, size and number of the backups, measured where they land.",
    families: [interval, listingSuccess, lastTimestamp, lastSize, objects, partialObjects],
    policy: [],
    async collect(context) {
      const configs = destinationsOf(context.cluster.name);
      return families(await Promise.all(configs.map((config) => readDestination(config, context, list))));
    },
  };
}

async function readDestination(
  config: BackupConfig,
  context: CollectContext,
  list: typeof listBackups,
): Promise<Destination> {
  const { signal, timeoutMs } = callBudget(context, SHARE);
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const directory = config.directory ?? "";
  const listing = untilAborted(list(directory), ends, `cannot list backups in ${directory}`);
  return { config, listing: await orNoted(context, listing) };
}

/** A hung disk never answers: later scrapes wait for the listing under way instead of adding another that hangs. */
function oncePerDirectory(list: typeof listBackups): typeof listBackups {
  const underWay = new Map<string, Promise<BackupListing>>();
  return (directory) => {
    const held = underWay.get(directory);
    if (held !== undefined) return held;
    const listing = list(directory).finally(() => underWay.delete(directory));
    underWay.set(directory, listing);
    return listing;
  };
}

function families(destinations: readonly Destination[]): readonly Family[] {
  const per = (family: FamilyDeclaration, read: (destination: Destination) => number | undefined): Family => {
    const samples = destinations.flatMap((destination) => {
      const value = read(destination);
      return value === undefined ? [] : [{ labels: { destination: destination.config.name }, value }];
    });
    return withSamples(family, samples);
  };
  return [
    per(interval, ({ config }) => config.interval / 1000),
    per(listingSuccess, ({ listing }) => Number(listing !== undefined)),
    per(lastTimestamp, ({ listing }) => listing && (listing.newest?.modifiedMs ?? 0) / 1000),
    per(lastSize, ({ listing }) => listing && (listing.newest?.sizeBytes ?? 0)),
    per(objects, ({ listing }) => listing?.objects),
    per(partialObjects, ({ listing }) => listing?.partialObjects),
  ];
}
