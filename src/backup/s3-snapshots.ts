import type { S3Client } from "@aws-sdk/client-s3";
import { FailureError } from "../lib/failure.ts";
import { NotWhole, notWholeFailure } from "./not-whole.ts";
import { readSnapshot, type ReadSnapshot } from "./read-snapshot.ts";
import { openS3Client } from "./s3-client.ts";
import { s3Failure } from "./s3-failure.ts";
import type { S3Options } from "./s3-options.ts";
import type { SnapshotPlace } from "./snapshot-place.ts";

/** 10 000 parts are S3's most: 160 GB, and one part is held. */
const PART_BYTES = 16 * 1024 * 1024;

/**
 * Creates the place of snapshots in a bucket, below the prefix. A snapshot goes up in parts (multipart upload) and is checked on its way;
 * only when it is whole is the upload completed, before which no object is there. What a killed process left half-uploaded is in no
 * listing; let the bucket's own lifecycle rule end such uploads. An object that is there is never replaced.
 */
export function createS3Snapshots(options: S3Options): SnapshotPlace {
  return {
    where: `s3://${options.bucket}/${options.prefix}`,
    save: async (name, content, { signal }) =>
      await withClient(options, name, async (client) => await save({ client, options, name, signal }, content)),
    find: async (name, { signal }) =>
      await withClient(options, name, async (client) => await find({ client, options, name, signal })),
  };
}

type Task = {
  readonly client: S3Client;
  readonly options: S3Options;
  readonly name: string;
  readonly signal: AbortSignal;
};

async function withClient<T>(options: S3Options, name: string, run: (client: S3Client) => Promise<T>): Promise<T> {
  const client = await openS3Client(options);
  try {
    return await run(client);
  } catch (error) {
    if (error instanceof NotWhole) throw notWholeFailure(name, error);
    throw s3Failure(error, options, { task: `keep the snapshot ${name}`, does: "do that", needs: RIGHTS });
  } finally {
    client.destroy();
  }
}

const RIGHTS = "s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:ListBucket";

async function save(task: Task, content: AsyncIterable<Uint8Array>): Promise<ReadSnapshot> {
  const { client, options, name, signal } = task;
  const { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand } =
    await import("@aws-sdk/client-s3");
  if (await isThere(task)) throw isTaken(options, name);
  const object = objectOf(task);
  const opened = await client.send(new CreateMultipartUploadCommand(object), { abortSignal: signal });
  const upload = { ...object, UploadId: opened.UploadId };
  try {
    const parts = createParts(task, upload);
    const read = await readSnapshot(content, { signal, keep: parts.add });
    const MultipartUpload = { Parts: await parts.end() };
    // The condition is S3's own since 2024; a server that does not know it takes no notice, which is why it was looked for before.
    const whole = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload, IfNoneMatch: "*" });
    await client.send(whole, { abortSignal: signal });
    return read;
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

type Upload = { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined };
type Part = { readonly PartNumber: number; readonly ETag: string | undefined };

/** Gathers pieces into parts and sends each when it is full. */
function createParts({ client, signal }: Task, upload: Upload) {
  const sent: Part[] = [];
  let held: Uint8Array[] = [];
  let bytes = 0;
  const send = async (): Promise<void> => {
    const { UploadPartCommand } = await import("@aws-sdk/client-s3");
    const PartNumber = sent.length + 1;
    const command = new UploadPartCommand({ ...upload, PartNumber, Body: Buffer.concat(held) });
    held = [];
    bytes = 0;
    const { ETag } = await client.send(command, { abortSignal: signal });
    sent.push({ PartNumber, ETag });
  };
  return {
    add: async (piece: Uint8Array): Promise<void> => {
      held.push(Uint8Array.from(piece));
      bytes += piece.length;
      if (bytes >= PART_BYTES) await send();
    },
    end: async (): Promise<Part[]> => {
      if (bytes > 0) await send();
      return sent;
    },
  };
}

async function find(task: Task): Promise<ReadSnapshot | undefined> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  try {
    const { Body } = await task.client.send(new GetObjectCommand(objectOf(task)), { abortSignal: task.signal });
    return await readSnapshot(Body as AsyncIterable<Uint8Array>, { signal: task.signal });
  } catch (error) {
    if (error instanceof NotWhole || isNotThere(error)) return undefined;
    throw error;
  }
}

async function isThere(task: Task): Promise<boolean> {
  const { HeadObjectCommand } = await import("@aws-sdk/client-s3");
  try {
    await task.client.send(new HeadObjectCommand(objectOf(task)), { abortSignal: task.signal });
    return true;
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}

function objectOf({ options, name }: Task) {
  return { Bucket: options.bucket, Key: `${options.prefix}${name}` };
}

/** HEAD has no body, so that its 404 has another name; a missing bucket is neither. */
function isNotThere(error: unknown): boolean {
  const { name } = Object(error) as { readonly name?: unknown };
  return name === "NoSuchKey" || name === "NotFound";
}

function isTaken({ bucket, prefix }: S3Options, name: string): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot save the snapshot ${name} in s3://${bucket}/${prefix}: there is an object of this name; choose another name`,
  });
}
