import type { _Object as S3Object, ListObjectsV2CommandOutput, S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { limitBody } from "./limit-body.ts";
import { UnusableAnswer, WRONG_SERVER } from "./s3-failure.ts";
import type { S3Limits, S3Options } from "./s3-options.ts";

/** A page of 1000 keys, each as long as a key may be, is below 2 MB; a million objects are no backups. */
const LIMITS: S3Limits = {
  connectMs: 5000,
  silenceMs: 15_000,
  attempts: 3,
  pages: 1000,
  bodyBytes: 16 * 1024 * 1024,
};

/** S3 is an open client for one listing. */
export type S3 = {
  /** The objects below the prefix, page by page; at most one page is held. */
  readonly pages: (signal: AbortSignal) => AsyncIterable<readonly S3Object[]>;
  readonly close: () => void;
};

/** Opens a client with the keys as they are now. The SDK is heavy and is loaded here: only when there is a bucket to list. */
export async function openS3(options: S3Options): Promise<S3> {
  const { limits = LIMITS, bucket, prefix } = options;
  const { S3Client: Client, paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
  const client = new Client(await clientConfig(options, limits));
  limitBody(client, limits.bodyBytes);
  const query = { Bucket: bucket, ...(prefix === "" ? {} : { Prefix: prefix }) };
  return {
    pages: (signal) => objectsOf(paginateListObjectsV2({ client }, query, { abortSignal: signal }), limits),
    close: () => client.destroy(),
  };
}

/** Opens a client for objects of any size, with the keys as they are now; whoever opens it destroys it. */
export async function openS3Client(options: S3Options): Promise<S3Client> {
  const { S3Client: Client } = await import("@aws-sdk/client-s3");
  return new Client(await clientConfig(options, options.limits ?? LIMITS));
}

async function clientConfig(options: S3Options, limits: S3Limits): Promise<S3ClientConfig> {
  const { region, endpoint, forcePathStyle, readCredentials } = options;
  const keys = await readCredentials?.();
  return {
    region,
    forcePathStyle,
    maxAttempts: limits.attempts,
    requestHandler: {
      connectionTimeout: limits.connectMs,
      requestTimeout: limits.silenceMs,
      socketTimeout: limits.silenceMs,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keys === undefined
      ? {}
      : {
          credentials: { accessKeyId: keys.accessKeyId.reveal(), secretAccessKey: keys.secretAccessKey.reveal() },
        }),
  };
}

/** A page without `IsTruncated` is no page: a proxy's HTML with 200 would otherwise read as a bucket without backups. */
async function* objectsOf(pages: AsyncIterable<ListObjectsV2CommandOutput>, limits: S3Limits) {
  let count = 0;
  let token: string | undefined;
  for await (const { Contents = [], IsTruncated, NextContinuationToken } of pages) {
    if (IsTruncated === undefined) throw new UnusableAnswer("invalid-answer", "the answer is no listing", WRONG_SERVER);
    // The SDK would take it for the end, or ask for the same page until the limit.
    if (IsTruncated && (!NextContinuationToken || NextContinuationToken === token))
      throw new UnusableAnswer("invalid-answer", "a listing says that it goes on, but not where", WRONG_SERVER);
    token = NextContinuationToken;
    yield Contents;
    count += 1;
    if (IsTruncated && count === limits.pages) {
      throw new UnusableAnswer("too-large", `it has more than ${limits.pages} pages of objects`, "narrow s3.prefix");
    }
  }
}
