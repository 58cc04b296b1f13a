import type { NameKind } from "./backup-name.ts";
import type { BackupListing, BackupObject } from "./destination.ts";

/** Tally is a listing in the making. It holds the newest two objects and counts, however many objects there are. */
export type Tally = {
  /** Adds what its name says it is; undefined is an object that is of no interest or gone. An empty backup is a half-written one. */
  readonly add: (kind: NameKind, object: BackupObject | undefined) => void;
  /** Adds a link that is called `latest`, with the name of what it leads to; undefined when it leads nowhere in the destination. */
  readonly addLink: (target: string | undefined) => void;
  readonly listing: () => BackupListing;
};

/** Creates an empty tally. The listing does not depend on the order in which objects are added. */
export function createTally(): Tally {
  const backups = createNewest();
  const copies = createNewest();
  const links = new Set<string | undefined>();
  let partialObjects = 0;
  return {
    add: (kind, object) => {
      if (kind === "other") return;
      if (kind === "partial" || object?.sizeBytes === 0) partialObjects += 1;
      else if (object !== undefined) (kind === "backup" ? backups : copies).add(object);
    },
    addLink: (target) => void links.add(target),
    listing: () => {
      // A `latest` with nothing beside it is no pointer: it is the backup, overwritten each time.
      const alone = backups.count() === 0;
      const { newest, previous } = alone ? copies.pair() : backups.pair();
      const copy = alone ? undefined : copies.pair().newest;
      const current =
        newest !== undefined && (links.has(newest.name) || (copy !== undefined && isCopyOf(copy, newest)));
      return {
        objects: alone ? copies.count() : backups.count(),
        partialObjects,
        newest,
        previous,
        pointerCurrent: links.size === 0 && copy === undefined ? undefined : current,
      };
    },
  };
}

type Pair = { readonly newest: BackupObject | undefined; readonly previous: BackupObject | undefined };

/** Keeps the newest two different contents: a second name of the newest is not the backup before it. */
function createNewest() {
  let newest: BackupObject | undefined;
  let previous: BackupObject | undefined;
  let count = 0;
  return {
    add: (object: BackupObject): void => {
      count += 1;
      if (newest === undefined || isNewer(object, newest)) {
        if (newest !== undefined && !isSame(object, newest)) previous = newest;
        newest = object;
      } else if (!isSame(object, newest) && (previous === undefined || isNewer(object, previous))) {
        previous = object;
      }
    },
    count: (): number => count,
    pair: (): Pair => ({ newest, previous }),
  };
}

/** S3 tells whole seconds only: of two objects of one second the name decides, so that every listing gives the same answer. */
function isNewer(one: BackupObject, other: BackupObject): boolean {
  if (one.modifiedMs !== other.modifiedMs) return one.modifiedMs > other.modifiedMs;
  return one.name > other.name;
}

function isSame(one: BackupObject, other: BackupObject): boolean {
  return one.content !== undefined && one.content === other.content && one.sizeBytes === other.sizeBytes;
}

/** Two ETags of one content differ after a multipart upload and under KMS encryption, so that size and time must do as well. */
function isCopyOf(copy: BackupObject, original: BackupObject): boolean {
  if (copy.sizeBytes !== original.sizeBytes) return false;
  return isSame(copy, original) || copy.modifiedMs >= original.modifiedMs;
}
