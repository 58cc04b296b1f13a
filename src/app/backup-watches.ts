import type { BackupDestination } from "../backup/destination.ts";
import { createDirectoryDestination } from "../backup/directory.ts";
import { createDirectorySnapshots } from "../backup/directory-snapshots.ts";
import { createS3Destination } from "../backup/s3.ts";
import { createS3Snapshots } from "../backup/s3-snapshots.ts";
import type { SnapshotPlace } from "../backup/snapshot-place.ts";
import { createBackupWatch, type BackupWatch } from "../backup/watch.ts";
import { readSecret, type SecretEnvironment } from "../config/secret-source.ts";
import type { ClusterConfig } from "../config/schema.ts";
import type { Backup, S3 } from "../config/sections/backup.ts";
import { systemClock, systemTimers } from "./system.ts";

/** Creates a watch for every place where the configuration says that backups land; none has begun. */
export function createBackupWatches(
  clusters: readonly Pick<ClusterConfig, "name" | "backups">[],
  environment: SecretEnvironment,
): readonly BackupWatch[] {
  return clusters.flatMap(({ name: cluster, backups }) =>
    backups.map((backup) =>
      createBackupWatch({
        cluster,
        destination: createBackupDestination(backup, environment),
        intervalMs: backup.interval,
        refreshMs: backup.refresh,
        clock: systemClock,
        timers: systemTimers,
      }),
    ),
  );
}

/** Creates the destination of one entry of `clusters[].backups`; lists nothing yet. */
export function createBackupDestination(
  { name, suffix, directory, s3 }: Backup,
  environment: SecretEnvironment,
): BackupDestination {
  if (s3 !== undefined) {
    return createS3Destination({ ...s3, name, suffix, readCredentials: credentialsOf(s3, environment) });
  }
  if (directory === undefined) throw new Error(`backup ${name} has no place: the configuration was not checked`);
  return createDirectoryDestination({ name, directory, suffix });
}

/** Creates the place where snapshots are kept: the same directory or bucket in which they are looked for. */
export function createSnapshotPlace(
  { name, suffix, directory, s3 }: Backup,
  environment: SecretEnvironment,
): SnapshotPlace {
  if (s3 !== undefined)
    return createS3Snapshots({ ...s3, name, suffix, readCredentials: credentialsOf(s3, environment) });
  if (directory === undefined) throw new Error(`backup ${name} has no place: the configuration was not checked`);
  return createDirectorySnapshots(directory);
}

function credentialsOf({ accessKeyId, secretAccessKey }: S3, environment: SecretEnvironment) {
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return async () => ({
    accessKeyId: await readSecret(accessKeyId, environment),
    secretAccessKey: await readSecret(secretAccessKey, environment),
  });
}
