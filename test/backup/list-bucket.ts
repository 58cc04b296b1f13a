import { createS3Destination } from "../../src/backup/s3.ts";
import type { S3Limits } from "../../src/backup/s3-options.ts";
import { toFailure } from "../../src/lib/failure.ts";
import { Secret } from "../../src/lib/secret.ts";

/*
 * Lists the bucket at the endpoint of the first argument and prints what came of it, as a process of its own: inside Jest, Node's errors are
 * of another realm, and the SDK drops the codes of what it does not take for an error.
 */
const limits: S3Limits = { connectMs: 1000, silenceMs: 1000, attempts: 1, pages: 3, bodyBytes: 100_000 };
const destination = createS3Destination({
  name: "s3",
  bucket: "backups",
  prefix: "prod/",
  suffix: ".snap",
  region: "us-east-1",
  endpoint: process.argv[2],
  forcePathStyle: true,
  readCredentials: async () =>
    await Promise.resolve({
      accessKeyId: new Secret("AKIACANARY0000000000"),
      secretAccessKey: new Secret("canary-secret-access-key"),
    }),
  limits,
});
const outcome = await destination.list(new AbortController().signal).catch(toFailure);
process.stdout.write(JSON.stringify(outcome));
