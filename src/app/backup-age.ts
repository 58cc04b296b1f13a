import type { BackupAge } from "../actions/services.ts";
import type { BackupDestination, BackupListing } from "../backup/destination.ts";
import type { Clock, Timestamp } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";

/** A place where a cluster's backups land. */
export type DatedDestination = {
  readonly cluster: string;
  readonly destination: BackupDestination;
  /** A listing is not made anew before this time, in milliseconds. */
  readonly refreshMs: number;
};

/** The age of backups, and the end of the listings under way. */
export type OpenBackupAge = BackupAge & { readonly close: () => void };

/** A listing goes on when whoever asked gave up, so that who asks again finds it; but not for ever. */
const LISTING_TIMEOUT_MS = 120_000;

/**
 * Tells the newest backup of a cluster over its destinations, listed when it is asked for and no older than their `refresh`. Where one of
 * several cannot be listed the others tell; throws when none can, for then nobody knows whether there is a backup.
 */
export function createBackupAge(destinations: readonly DatedDestination[], clock: Clock): OpenBackupAge {
  const stopping = new AbortController();
  const held = destinations.map((each) => ({ ...each, listing: createListing(each, clock, stopping.signal) }));
  return {
    newest: async (cluster, { signal }) => {
      const own = held.filter((each) => each.cluster === cluster);
      const listings = await Promise.allSettled(own.map(async ({ listing }) => await unlessEnded(listing(), signal)));
      if (signal.aborted) throw aborted(cluster);
      const [failed] = listings.filter((each) => each.status === "rejected");
      const good = listings.filter((each) => each.status === "fulfilled");
      if (good.length === 0 && failed !== undefined) throw failed.reason;
      return newestOf(
        listings.flatMap((each, index) =>
          each.status === "rejected" ? [] : toDated(own[index]?.destination.name ?? "", each.value),
        ),
      );
    },
    close: () => stopping.abort(),
  };
}

type Dated = { readonly destination: string; readonly at: Timestamp };

function toDated(destination: string, { newest }: BackupListing): readonly Dated[] {
  return newest === undefined ? [] : [{ destination, at: newest.modifiedMs }];
}

function newestOf(dated: readonly Dated[]): Dated | undefined {
  const [newest] = dated.toSorted((left, right) => right.at - left.at);
  return newest;
}

/** Gives a function that lists, or gives what it listed lately; who asks while it lists gets the same listing. */
function createListing({ destination, refreshMs }: DatedDestination, clock: Clock, stop: AbortSignal) {
  let known: { readonly listing: BackupListing; readonly at: Timestamp } | undefined;
  let underWay: Promise<BackupListing> | undefined;
  const list = async (): Promise<BackupListing> => {
    const at = clock.now();
    try {
      const listing = await destination.list(AbortSignal.any([stop, AbortSignal.timeout(LISTING_TIMEOUT_MS)]));
      known = { listing, at };
      return listing;
    } finally {
      underWay = undefined;
    }
  };
  return async (): Promise<BackupListing> => {
    if (known !== undefined && clock.now() - known.at < refreshMs) return known.listing;
    underWay ??= list();
    return await underWay;
  };
}

async function unlessEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function aborted(cluster: string): FailureError {
  return new FailureError({
    reason: "aborted",
    retryable: true,
    message: `cannot tell the age of ${cluster}'s backups: their listing takes longer than the step; it goes on, so try again`,
  });
}
