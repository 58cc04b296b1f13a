import { readSnapshot, type ReadSnapshot } from "../../../backup/read-snapshot.ts";
import type { SnapshotPlace } from "../../../backup/snapshot-place.ts";
import { FailureError } from "../../../lib/failure.ts";
import { snapshotArchive } from "../../../sandbox/vault/snapshot-archive.ts";

/** Raft index of the snapshots that were there before. */
const INDEX = 30;

/** Creates a place of snapshots in memory, with whole ones of these names; what is saved is checked as everywhere. */
export function createMemorySnapshots(names: readonly string[]): SnapshotPlace {
  const held = new Map<string, Promise<ReadSnapshot>>();
  const signal = new AbortController().signal;
  for (const name of names) held.set(name, readSnapshot(oneOf(snapshotArchive(INDEX)), { signal }));
  return {
    where: "the backups of a rehearsal",
    save: async (name, content, options) => {
      const read = await readSnapshot(content, options);
      if (held.has(name)) throw taken(name);
      held.set(name, Promise.resolve(read));
      return read;
    },
    find: async (name) => await held.get(name),
  };
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function taken(name: string): FailureError {
  const message = `cannot save the snapshot ${name}: there is a file of this name; choose another name`;
  return new FailureError({ reason: "refused", retryable: false, message });
}
