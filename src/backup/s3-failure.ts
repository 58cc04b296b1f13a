import { FailureError, type FailureReason } from "../lib/failure.ts";
import type { S3Options } from "./s3-options.ts";

/** S3Verdict is why a listing failed, and what to do about it. */
export type S3Verdict = readonly [reason: FailureReason, why: string, advice: string];

/** UnusableAnswer is thrown where an answer came and is refused. */
export class UnusableAnswer extends Error {
  readonly verdict: S3Verdict;

  constructor(...verdict: S3Verdict) {
    super(verdict[1]);
    this.name = "UnusableAnswer";
    this.verdict = verdict;
  }
}

const KEYS = "give keys that are valid now";
const NETWORK = "check that the endpoint is right and can be reached from here";
/** What to do when an answer is not S3's. */
export const WRONG_SERVER = "check that the endpoint is an S3 server";
const REGION = "set s3.region to the bucket's own";

/** What S3 and its kin call their errors, and what the SDK calls its own. */
const BY_NAME: Readonly<Record<string, S3Verdict>> = {
  NoSuchBucket: ["not-found", "there is no such bucket", "correct s3.bucket or s3.endpoint"],
  InvalidBucketName: ["not-found", "no bucket can have this name", "correct s3.bucket"],
  AccessDenied: ["denied", "these credentials may not {do}", "allow them {rights} on the bucket"],
  InvalidAccessKeyId: ["denied", "the server does not know this access key id", KEYS],
  SignatureDoesNotMatch: ["denied", "the secret access key does not belong to the access key id", KEYS],
  ExpiredToken: ["denied", "the credentials have expired", KEYS],
  InvalidToken: ["denied", "the server does not accept the session token", KEYS],
  CredentialsProviderError: [
    "denied",
    "there are no credentials in the environment, web identity or instance",
    "give them there or as s3.accessKeyId and s3.secretAccessKey",
  ],
  RequestTimeTooSkewed: ["denied", "the clocks of this machine and of the server differ", "set both by NTP"],
  PermanentRedirect: ["not-found", "the bucket is in another region", REGION],
  TemporaryRedirect: ["not-found", "the bucket is in another region", REGION],
  AuthorizationHeaderMalformed: ["not-found", "the bucket is in another region", REGION],
  SlowDown: ["rate-limited", "the server asks for fewer requests", "raise `refresh`"],
  AbortError: ["aborted", "the listing was ended", "nothing needs to be done"],
};

/** Codes of Node's own errors; every other code of a certificate is told by `isCertificateCode`. */
const BY_CODE: Readonly<Record<string, S3Verdict>> = {
  ECONNREFUSED: ["unreachable", "nothing listens there (ECONNREFUSED)", NETWORK],
  ECONNRESET: ["unreachable", "the server broke the connection (ECONNRESET)", NETWORK],
  EPIPE: ["unreachable", "the server broke the connection (EPIPE)", NETWORK],
  ENOTFOUND: ["unreachable", "its name is not known (ENOTFOUND)", NETWORK],
  EAI_AGAIN: ["unreachable", "its name could not be looked up (EAI_AGAIN)", "check the name service"],
  EPROTO: ["unreachable", "it does not speak TLS as expected (EPROTO)", "check http or https in s3.endpoint"],
};

const CERTIFICATE_ADVICE = "name its authority's file in NODE_EXTRA_CA_CERTS, or renew the certificate";
const TRANSIENT: ReadonlySet<FailureReason> = new Set(["rate-limited", "timeout", "unreachable", "server-error"]);

/** What failed, in words, and the rights that it takes. */
export type S3Task = { readonly task: string; readonly does: string; readonly needs: string };

const LISTING: S3Task = { task: "list backups", does: "list it", needs: "s3:ListBucket" };

/**
 * Says in our words why a bucket could not be listed, or what else was to be done in it. Neither the SDK's message nor the error itself is
 * kept: both may hold the access key id, the signature and what was signed.
 */
export function s3Failure(
  error: unknown,
  options: Pick<S3Options, "bucket" | "prefix" | "endpoint">,
  { task, does, needs }: S3Task = LISTING,
): FailureError {
  if (error instanceof FailureError) return error;
  const [reason, why, advice] = verdictOn(error);
  const said = `${why}; ${advice}`.replace("{do}", does).replace("{rights}", needs);
  const message = `cannot ${task} in ${placeOf(options)}: ${said}`;
  return new FailureError({ reason, message, retryable: TRANSIENT.has(reason) });
}

/** `s3://bucket/prefix at host:port`, without what else an endpoint's URL may hold. */
function placeOf({ bucket, prefix, endpoint }: Pick<S3Options, "bucket" | "prefix" | "endpoint">): string {
  const place = `s3://${bucket}/${prefix}`;
  return endpoint === undefined ? place : `${place} at ${new URL(endpoint).host}`;
}

function verdictOn(error: unknown): S3Verdict {
  if (error instanceof UnusableAnswer) return error.verdict;
  const { name, code, status } = factsOf(error);
  // The SDK calls a reset connection TimeoutError too: the code knows better.
  const known = BY_NAME[name] ?? BY_CODE[code];
  if (known !== undefined) return known;
  if (isCertificateCode(code)) return ["unreachable", `its certificate is not trusted (${code})`, CERTIFICATE_ADVICE];
  if (name === "TimeoutError") return ["timeout", "the server did not answer in time", NETWORK];
  if (code !== "") return ["unreachable", `the connection failed (${code})`, NETWORK];
  if (status === undefined) return ["server-error", `the SDK failed with ${name || "no reason"}`, "tell the authors"];
  return verdictOnAnswer(status, /^[A-Z][A-Za-z]+$/u.test(name) ? `${status} ${name}` : String(status));
}

function verdictOnAnswer(status: number, said: string): S3Verdict {
  if (status < 300) return ["invalid-answer", "the answer is no listing", WRONG_SERVER];
  if (status === 401 || status === 403) return ["denied", `the server said ${said}`, KEYS];
  if (status === 429 || status === 503) return ["rate-limited", `the server said ${said}`, "raise `refresh`"];
  if (status >= 500) return ["server-error", `the server said ${said}`, "look at its log"];
  return ["refused", `the server said ${said}`, WRONG_SERVER];
}

/** OpenSSL's verdicts on a certificate as Node names them. */
function isCertificateCode(code: string): boolean {
  return /CERT|UNABLE_TO_VERIFY|^ERR_TLS_/u.test(code);
}

type Facts = { readonly name: string; readonly code: string; readonly status: number | undefined };

/** What an error of the SDK or of Node carries. It says Unknown where the server gave no code. */
function factsOf(error: unknown): Facts {
  const { name, code, $metadata } = Object(error) as Partial<Record<string, unknown>>;
  const { httpStatusCode: status } = Object($metadata) as Partial<Record<string, unknown>>;
  return {
    name: typeof name === "string" && name !== "Unknown" && name !== "Error" ? name : "",
    code: typeof code === "string" ? code : "",
    status: typeof status === "number" ? status : undefined,
  };
}
