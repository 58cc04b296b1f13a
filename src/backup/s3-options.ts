import type { Secret } from "../lib/secret.ts";

/** S3Credentials are the keys of S3. */
export type S3Credentials = { readonly accessKeyId: Secret; readonly secretAccessKey: Secret };

/** S3Options is what a bucket destination is made of. */
export type S3Options = {
  readonly name: string;
  readonly bucket: string;
  /** Every key that begins with it is looked at, whatever slashes follow: a bucket has no folders. */
  readonly prefix: string;
  /** How the key of a finished backup ends. */
  readonly suffix: string;
  readonly region: string;
  /** URL of another server than Amazon's. */
  readonly endpoint?: string | undefined;
  readonly forcePathStyle: boolean;
  /** Reads the keys, at each listing anew; default: the SDK's own chain (environment, web identity, instance). */
  readonly readCredentials?: (() => Promise<S3Credentials>) | undefined;
  readonly limits?: S3Limits | undefined;
};

/** S3Limits says how long and how large an answer may be, and how many of them make a listing. */
export type S3Limits = {
  readonly connectMs: number;
  /** To the answer's head, and between two parts of its body. */
  readonly silenceMs: number;
  readonly attempts: number;
  /** A page has at most 1000 objects. */
  readonly pages: number;
  readonly bodyBytes: number;
};
