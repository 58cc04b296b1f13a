import type { _Object as S3Object } from "@aws-sdk/client-s3";
import { kindOfName } from "./backup-name.ts";
import type { BackupDestination, BackupListing, BackupObject } from "./destination.ts";
import { openS3 } from "./s3-client.ts";
import { s3Failure, UnusableAnswer, WRONG_SERVER } from "./s3-failure.ts";
import type { S3Options } from "./s3-options.ts";
import { createTally } from "./tally.ts";

/**
 * Creates the destination of one bucket of S3 or of something that speaks it. Uploads that were not completed are in no listing of
 * S3 and are not counted. `list` throws every reason that a server can give; the keys are in no error.
 */
export function createS3Destination(options: S3Options): BackupDestination {
  return {
    name: options.name,
    list: async (signal) => {
      try {
        return await listBucket(options, signal);
      } catch (error) {
        throw s3Failure(error, options);
      }
    },
  };
}

async function listBucket(options: S3Options, signal: AbortSignal): Promise<BackupListing> {
  const tally = createTally();
  const s3 = await openS3(options);
  try {
    for await (const objects of s3.pages(signal)) {
      for (const object of objects) {
        const found = readObject(object);
        tally.add(kindOfName(found.name, options.suffix), found);
      }
    }
    return tally.listing();
  } finally {
    s3.close();
  }
}

function readObject({ Key, LastModified, Size, ETag }: S3Object): BackupObject {
  if (Key === undefined || LastModified === undefined || Size === undefined) {
    throw new UnusableAnswer("invalid-answer", "an object has no key, time or size", WRONG_SERVER);
  }
  return { name: Key, modifiedMs: LastModified.getTime(), sizeBytes: Size, content: ETag };
}
