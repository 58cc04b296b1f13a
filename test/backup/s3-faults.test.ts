import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { createS3Destination } from "../../src/backup/s3.ts";
import type { S3Limits, S3Options } from "../../src/backup/s3-options.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { Secret } from "../../src/lib/secret.ts";
import { createCertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { errorBody, serveHttp, serveRaw, serveTls, type FaultServer } from "./fault-server.ts";

const LISTER = fileURLToPath(new URL("list-bucket.ts", import.meta.url));
const ACCESS_KEY_ID = "AKIACANARY0000000000";
const SECRET = "canary-secret-access-key";
const LIMITS: S3Limits = { connectMs: 300, silenceMs: 300, attempts: 1, pages: 3, bodyBytes: 100_000 };

const optionsFor = (endpoint: string, limits: Partial<S3Limits> = {}): S3Options => ({
  name: "s3",
  bucket: "backups",
  prefix: "prod/",
  suffix: ".snap",
  region: "us-east-1",
  endpoint,
  forcePathStyle: true,
  readCredentials: async () =>
    await Promise.resolve({ accessKeyId: new Secret(ACCESS_KEY_ID), secretAccessKey: new Secret(SECRET) }),
  limits: { ...LIMITS, ...limits },
});

/** Lists, expects a failure of ours without the keys, and gives it. */
async function failureOf(options: S3Options, signal = new AbortController().signal): Promise<FailureError> {
  const error: unknown = await createS3Destination(options)
    .list(signal)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FailureError);
  if (!(error instanceof FailureError)) throw new Error("it did not fail");
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/AKIACANARY|canary-secret|Signature=/u);
  return error;
}

const say =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body);

const page = (contents: string, more = "<IsTruncated>false</IsTruncated>"): string =>
  `<?xml version="1.0"?><ListBucketResult><Name>backups</Name>${more}${contents}</ListBucketResult>`;

const OBJECT =
  "<Contents><Key>prod/a.snap</Key><LastModified>2026-11-22T03:00:00.000Z</LastModified><Size>10</Size></Contents>";

const MORE = "<IsTruncated>true</IsTruncated>";

type Fault = { readonly name: string; readonly start: () => Promise<FaultServer>; readonly says: string };

const answers: readonly (Fault & { readonly reason: string })[] = [
  ...[
    ["NoSuchBucket", 404, "not-found", "there is no such bucket; correct s3.bucket or s3.endpoint"],
    ["AccessDenied", 403, "denied", "these credentials may not list it; allow them s3:ListBucket on the bucket"],
    ["InvalidAccessKeyId", 403, "denied", "the server does not know this access key id; give keys that are valid now"],
    [
      "SignatureDoesNotMatch",
      403,
      "denied",
      "the secret access key does not belong to the access key id; give keys that are valid now",
    ],
    ["ExpiredToken", 400, "denied", "the credentials have expired; give keys that are valid now"],
    ["RequestTimeTooSkewed", 403, "denied", "the clocks of this machine and of the server differ; set both by NTP"],
    ["PermanentRedirect", 301, "not-found", "the bucket is in another region; set s3.region to the bucket's own"],
    [
      "AuthorizationHeaderMalformed",
      400,
      "not-found",
      "the bucket is in another region; set s3.region to the bucket's own",
    ],
    ["SlowDown", 503, "rate-limited", "the server asks for fewer requests; raise `refresh`"],
    ["InternalError", 500, "server-error", "the server said 500 InternalError; look at its log"],
  ].map(([code, status, reason, says]) => ({
    name: `says ${String(code)}`,
    // Real servers repeat the access key id and what was signed.
    start: async () =>
      await serveHttp(
        say(Number(status), errorBody(String(code), `<AWSAccessKeyId>${ACCESS_KEY_ID}</AWSAccessKeyId>`)),
      ),
    reason: String(reason),
    says: String(says),
  })),
  {
    name: "says 403 and not why",
    start: async () => await serveHttp(say(403, "")),
    reason: "denied",
    says: "the server said 403; give keys that are valid now",
  },
  {
    name: "says 503 with a proxy's page",
    start: async () => await serveHttp(say(503, "<html><body>Bad Gateway</body></html>")),
    reason: "rate-limited",
    says: "the server said 503; raise `refresh`",
  },
  {
    name: "redirects to another host",
    start: async () => await serveHttp(say(302, "", { location: "http://127.0.0.1:1/" })),
    reason: "refused",
    says: "the server said 302; check that the endpoint is an S3 server",
  },
  ...[
    { name: "a proxy's page with 200", body: "<!DOCTYPE html><html><body>Please log in</body></html>" },
    { name: "an empty answer", body: "" },
    { name: "JSON", body: `{"Contents":[]}` },
    { name: "a listing that is cut off", body: page(OBJECT).slice(0, -30) },
    { name: "a time that is none", body: page(OBJECT.replace(/2026[^<]+/u, "yesterday")) },
  ].map(({ name, body }) => ({
    name: `sends ${name}`,
    start: async () => await serveHttp(say(200, body)),
    reason: "invalid-answer",
    says: "the answer is no listing; check that the endpoint is an S3 server",
  })),
  {
    name: "sends an object without a size",
    start: async () => await serveHttp(say(200, page(OBJECT.replace("<Size>10</Size>", "")))),
    reason: "invalid-answer",
    says: "an object has no key, time or size; check that the endpoint is an S3 server",
  },
  {
    name: "sends more than a listing can be",
    start: async () => await serveHttp(flood),
    reason: "too-large",
    says: "an answer has more than 100000 bytes; check that the endpoint is an S3 server",
  },
  {
    name: "never comes to the last page",
    start: async () =>
      await serveHttp((response, { url }) => {
        const token = Number(new URL(url ?? "", "http://s3").searchParams.get("continuation-token") ?? 0) + 1;
        say(200, page(OBJECT, `${MORE}<NextContinuationToken>${token}</NextContinuationToken>`))(response);
      }),
    reason: "too-large",
    says: "it has more than 3 pages of objects; narrow s3.prefix",
  },
  ...[
    {
      name: "says that it goes on, but not where, as version 1 of the listing does",
      more: "<NextMarker>b</NextMarker>",
    },
    { name: "goes on where it began", more: "<NextContinuationToken>same</NextContinuationToken>" },
  ].map(({ name, more }) => ({
    name,
    start: async () => await serveHttp(say(200, page(OBJECT, `${MORE}${more}`))),
    reason: "invalid-answer",
    says: "a listing says that it goes on, but not where; check that the endpoint is an S3 server",
  })),
  {
    name: "never answers",
    start: async () => await serveHttp(() => undefined),
    reason: "timeout",
    says: "the server did not answer in time; check that the endpoint is right and can be reached from here",
  },
  {
    name: "stops in the middle of its answer",
    start: async () =>
      await serveHttp((response) => void response.writeHead(200, { "content-length": "1000" }).write("<ListBucket")),
    reason: "timeout",
    says: "the server did not answer in time; check that the endpoint is right and can be reached from here",
  },
];

function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, "<");
  const pump = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", pump);
  pump();
}

const NETWORK = "check that the endpoint is right and can be reached from here";

const lost: readonly Fault[] = [
  {
    name: "resets the connection",
    start: async () => await serveRaw((socket) => socket.resetAndDestroy()),
    says: `the server broke the connection (ECONNRESET); ${NETWORK}`,
  },
  {
    name: "resets the connection in the middle of its answer",
    start: async () =>
      await serveHttp((response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("<ListBucket", () => response.socket?.resetAndDestroy());
      }),
    says: `the server broke the connection (ECONNRESET); ${NETWORK}`,
  },
  {
    name: "speaks no HTTP",
    start: async () => await serveRaw((socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n")),
    says: `the connection failed (HPE_INVALID_CONSTANT); ${NETWORK}`,
  },
  {
    name: "is not there",
    start: async () => await Promise.resolve(nobody("http://127.0.0.1:1")),
    says: `nothing listens there (ECONNREFUSED); ${NETWORK}`,
  },
  {
    name: "does not speak TLS",
    start: async () => {
      const server = await serveHttp(say(200, ""));
      return { ...server, endpoint: server.endpoint.replace("http:", "https:") };
    },
    says: "it does not speak TLS as expected (EPROTO); check http or https in s3.endpoint",
  },
];

function nobody(endpoint: string): FaultServer {
  return { endpoint, asked: () => 0, [Symbol.asyncDispose]: async () => await Promise.resolve() };
}

async function listOutside(endpoint: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [LISTER, endpoint]);
  return JSON.parse(stdout);
}

describe("a bucket whose server", () => {
  it.each(answers)("$name is not listed, for $reason", async ({ start, reason, says }) => {
    await using server = await start();

    const failure = await failureOf(optionsFor(server.endpoint));

    expect(failure.message).toBe(
      `cannot list backups in s3://backups/prod/ at ${new URL(server.endpoint).host}: ${says}`,
    );
    expect(failure.reason).toBe(reason);
  });

  it.each(lost)("$name cannot be reached", async ({ start, says }) => {
    await using server = await start();

    expect(await listOutside(server.endpoint)).toEqual({
      reason: "unreachable",
      retryable: true,
      message: `cannot list backups in s3://backups/prod/ at ${new URL(server.endpoint).host}: ${says}`,
    });
  });

  it("has a name that nobody knows cannot be reached", async () => {
    expect(await listOutside("http://s3.invalid")).toMatchObject({
      reason: "unreachable",
      // Which of the two depends on the name service of the machine.
      message: expect.stringMatching(
        /: its name (?:is not known \(ENOTFOUND\)|could not be looked up \(EAI_AGAIN\)); /u,
      ),
    });
  });

  it("drips is left when nobody waits any more", async () => {
    const waiting = new AbortController();
    await using server = await serveHttp((response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(dripping));
    });

    const failing = failureOf(optionsFor(server.endpoint), waiting.signal);
    await waitFor("the request", async () => await Promise.resolve(server.asked() === 1 ? true : undefined));
    waiting.abort();

    expect((await failing).reason).toMatch(/^(?:aborted|unreachable)$/u);
  });

  it("breaks down now and then is asked again, but no more often than allowed", async () => {
    await using server = await serveHttp(say(503, errorBody("ServiceUnavailable")));

    await failureOf(optionsFor(server.endpoint, { attempts: 2 }));

    expect(server.asked()).toBe(2);
  });

  it("has a password in its URL is named without it", async () => {
    const { message } = await failureOf(optionsFor("http://reader:canary-secret@127.0.0.1:1/"));

    expect(message).toContain("at 127.0.0.1:1: ");
  });
});

describe("keys that cannot be read", () => {
  it("are told in the words of whoever reads them, and the server is not asked", async () => {
    await using server = await serveHttp(say(500, ""));
    const unread = new FailureError({ reason: "not-found", retryable: true, message: "cannot read the secret" });

    const failure = await failureOf({
      ...optionsFor(server.endpoint),
      readCredentials: async () => await Promise.reject(unread),
    });

    expect(failure).toBe(unread);
    expect(server.asked()).toBe(0);
  });

  it("and that nobody gave are missed", async () => {
    const before = { ...process.env };
    // No file of this machine's user and no service of a cloud is asked.
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: "true", HOME: "/nonexistent" });
    try {
      const { reason, message } = await failureOf({ ...optionsFor("http://127.0.0.1:1"), readCredentials: undefined });
      expect(reason).toBe("denied");
      expect(message).toContain("there are no credentials in the environment, web identity or instance");
    } finally {
      process.env = before;
    }
  });
});

describeWith(["openssl"], "a bucket whose server has a certificate", () => {
  it("of an authority that nobody knows is not trusted", async () => {
    await using directory = await temporaryDirectory();
    const authority = await createCertificateAuthority(directory.path, "storage");
    const { certFile, keyFile } = await authority.issue("minio");
    await using server = await serveTls({
      cert: await readFile(certFile, "utf8"),
      key: await readFile(keyFile, "utf8"),
    });

    expect(await listOutside(server.endpoint)).toMatchObject({
      reason: "unreachable",
      message: expect.stringContaining(
        "its certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE); name its authority's file in NODE_EXTRA_CA_CERTS",
      ),
    });
  });
});
