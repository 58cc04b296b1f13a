import type { ReadSnapshot } from "./read-snapshot.ts";

/** SnapshotPlace is where the snapshots of one cluster are kept; a snapshot is there whole, or not at all. */
export type SnapshotPlace = {
  /** In words, for people. */
  readonly where: string;
  /** Stores a snapshot as it comes, checked before it gets its name; replaces nothing. Throws `FailureError`. */
  readonly save: (
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly signal: AbortSignal },
  ) => Promise<ReadSnapshot>;
  /** Reads a stored snapshot again to its end; undefined when it is not there or not whole. Throws `FailureError`. */
  readonly find: (name: string, options: { readonly signal: AbortSignal }) => Promise<ReadSnapshot | undefined>;
};
