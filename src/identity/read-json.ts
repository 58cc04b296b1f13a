import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import { isProtectedAddress } from "../access/issuer-address.ts";

/** What an issuer is asked with. */
export type ReadJsonOptions = {
  /** What is read, for errors: `the keys of https://issuer.example`. */
  readonly what: string;
  /** For the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** PEM of the certificate authority; undefined: the system's. */
  readonly ca: string | undefined;
};

/** Far more than any issuer's keys take. */
const MOST_BYTES = 256 * 1024;

/**
 * Reads JSON from an issuer with GET: over https or loopback, without following redirects, in bounded time and size. Throws `FailureError`
 * with the reasons `refused`, `unreachable`, `timeout`, `too-large`, `server-error` and `invalid-answer`.
 */
export async function readJson(address: string, { what, timeoutMs, ca }: ReadJsonOptions): Promise<unknown> {
  const fail = (reason: FailureReason, why: string, cause?: unknown): FailureError =>
    new FailureError({ reason, retryable: reason !== "refused", message: `cannot read ${what}: ${why}` }, { cause });
  if (!isProtectedAddress(address)) throw fail("refused", `${address} is neither https nor on loopback; use https`);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await get(new URL(address), ca, signal);
    const { statusCode = 0 } = response;
    if (statusCode !== 200) {
      response.destroy();
      if (statusCode >= 300 && statusCode < 400)
        throw fail(
          "refused",
          `it answers with a redirect (${statusCode}), and none is followed; name the address itself`,
        );
      throw fail("server-error", `it answers HTTP ${statusCode}`);
    }
    const text = await readText(response);
    if (text === undefined) throw fail("too-large", `the answer is larger than ${MOST_BYTES / 1024} KiB`);
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof FailureError) throw error;
    if (signal.aborted) throw fail("timeout", `no answer within ${timeoutMs} ms`, error);
    if (error instanceof SyntaxError) throw fail("invalid-answer", "the answer is not JSON", error);
    throw fail("unreachable", connectionWords(error), error);
  }
}

function connectionWords(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "no connection";
  return /CERT|SIGNATURE/u.test(code) ? `${code}; name its certificate authority in access.oidc.caFile` : code;
}

async function get(url: URL, ca: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  const options = {
    agent: false,
    headers: { accept: "application/json" },
    signal,
    ...(ca === undefined ? {} : { ca }),
  };
  request(url, options, resolve).on("error", reject).end();
  return await promise;
}

/** Gives undefined, and hangs up, when there is too much. */
async function readText(response: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
