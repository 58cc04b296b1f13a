/** BackupObject is one finished backup as a listing tells of it. It is not opened. */
export type BackupObject = {
  /** File name in its directory, or the whole key in its bucket. */
  readonly name: string;
  readonly modifiedMs: number;
  readonly sizeBytes: number;
  /** Equal for two names of one content (S3's ETag, a hard link's inode); undefined when the listing does not tell. */
  readonly content?: string | undefined;
};

/** BackupListing is what a complete listing found: never a part of the destination. */
export type BackupListing = {
  /** Finished backups by their names, without pointers. */
  readonly objects: number;
  /** What is being written, or was left half-written. */
  readonly partialObjects: number;
  readonly newest: BackupObject | undefined;
  /** The newest of another content than `newest`. */
  readonly previous: BackupObject | undefined;
  /** Whether `latest` stands for the newest backup; undefined when there is no such name. */
  readonly pointerCurrent: boolean | undefined;
};

/** BackupDestination is a place where backups land. */
export type BackupDestination = {
  /** Label `destination`. */
  readonly name: string;
  /**
   * Lists everything, or throws `FailureError`; an empty destination is a listing. It ends soon after the signal did, unless a
   * system call hangs.
   */
  readonly list: (signal: AbortSignal) => Promise<BackupListing>;
};
