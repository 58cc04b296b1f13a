import { FailureError } from "../lib/failure.ts";
import type { ReadSnapshot } from "./read-snapshot.ts";
import type { SnapshotPlace } from "./snapshot-place.ts";

/** A snapshot that was stored, by its name. */
export type KeptSnapshot = Pick<ReadSnapshot, "bytes" | "sha256" | "index"> & { readonly name: string };

type Options = { readonly signal: AbortSignal };

/** SnapshotTarget knows the place of each cluster's snapshots. */
export type SnapshotTarget = {
  /** Where it is, in words; undefined for a cluster that has none. */
  readonly describe: (cluster: string) => string | undefined;
  readonly save: (
    cluster: string,
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: Options,
  ) => Promise<KeptSnapshot>;
  readonly find: (cluster: string, name: string, options: Options) => Promise<KeptSnapshot | undefined>;
};

/** Creates the target of these places, by the cluster's name. `save` and `find` throw reason `refused` for a cluster that has none. */
export function createSnapshotTarget(places: ReadonlyMap<string, SnapshotPlace>): SnapshotTarget {
  return {
    describe: (cluster) => places.get(cluster)?.where,
    save: async (cluster, name, content, options) =>
      kept(name, await placeOf(places, cluster).save(plain(name), content, options)),
    find: async (cluster, name, options) => {
      const found = await placeOf(places, cluster).find(plain(name), options);
      return found === undefined ? undefined : kept(name, found);
    },
  };
}

function placeOf(places: ReadonlyMap<string, SnapshotPlace>, cluster: string): SnapshotPlace {
  const place = places.get(cluster);
  if (place !== undefined) return place;
  throw refused(
    `cannot keep a snapshot of ${cluster}: nowhere is configured; give it a directory or a bucket in clusters[].backups`,
  );
}

/** A name that is a path would be another directory, or another prefix of a bucket. */
function plain(name: string): string {
  if (/^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u.test(name)) return name;
  throw refused(`cannot use "${name}" as the name of a snapshot: it leads elsewhere; give a plain file name`);
}

function kept(name: string, { bytes, sha256, index }: ReadSnapshot): KeptSnapshot {
  return { name, bytes, sha256, index };
}

function refused(message: string): FailureError {
  return new FailureError({ reason: "refused", retryable: false, message });
}
