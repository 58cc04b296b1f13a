import { z } from "zod";
import { Interval } from "../../runbook/schema.ts";
import { SecretSource } from "./secret.ts";

/** S3 is a bucket of S3 or of something that speaks it. Without keys the SDK's own chain is used (environment, web identity, instance). */
export const S3 = z.strictObject({
  bucket: z.string().min(1).describe("Bucket."),
  prefix: z.string().default("").describe("Only objects whose key begins with it."),
  region: z.string().min(1).default("us-east-1").describe("Region."),
  endpoint: z
    .url({ protocol: /^https?$/u })
    .optional()
    .describe("Another server than Amazon's (MinIO, Ceph …)."),
  forcePathStyle: z
    .boolean()
    .default(false)
    .describe("Bucket in the path and not in the host; most other servers want it."),
  accessKeyId: SecretSource.optional().describe("Access key id; with it `secretAccessKey` too."),
  secretAccessKey: SecretSource.optional().describe("Secret access key."),
});
export type S3 = z.infer<typeof S3>;

/** Backup is one place where backups land: a directory or a bucket. */
export const Backup = z.strictObject({
  name: z.string().min(1).describe("Label `destination`."),
  directory: z.string().min(1).optional().describe("Directory of backups; this or `s3`."),
  s3: S3.optional().describe("Bucket of backups; this or `directory`."),
  suffix: z.string().min(1).default(".snap").describe("How the name of a finished backup ends."),
  interval: Interval.prefault("24h").describe("How often a backup is made: VaultBackupStale fires after two of them."),
  refresh: Interval.prefault("5m").describe("How often the destination is listed, whatever Prometheus asks."),
});
export type Backup = z.infer<typeof Backup>;
