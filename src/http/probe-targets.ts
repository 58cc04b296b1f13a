import { readFile } from "node:fs/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { HttpProbeResult, HttpProbes } from "../actions/services.ts";
import type { Clock } from "../lib/clock.ts";
import { formatDuration } from "../lib/duration.ts";
import { FailureError } from "../lib/failure.ts";
import { suggestion } from "../lib/nearest.ts";

/** A URL that may be asked. */
export type ProbeTarget = {
  readonly name: string;
  readonly url: string;
  /** PEM file of the certificate authority; default: the system's. */
  readonly caFile?: string | undefined;
  /** From the call to the answer's headers, in milliseconds. */
  readonly timeout: number;
};

/**
 * Makes probes of these targets: a GET without token, cookie or connection of its own, which follows no redirect and reads nothing of the
 * answer but its code. Throws reason `not-found` for another name, and `aborted` when the signal ends.
 */
export function createHttpProbes(targets: readonly ProbeTarget[], clock: Clock): HttpProbes {
  const names = targets.map(({ name }) => name);
  return {
    names,
    probe: async (name, { signal }) => {
      const target = targets.find((each) => each.name === name);
      if (target === undefined) throw unknownTarget(name, names);
      const beganAt = clock.now();
      const outcome = await ask(target, signal);
      if (signal.aborted) throw aborted(target);
      return { ...outcome, milliseconds: Math.max(0, clock.now() - beganAt) };
    },
  };
}

type Outcome = Omit<HttpProbeResult, "milliseconds">;

async function ask(target: ProbeTarget, signal: AbortSignal): Promise<Outcome> {
  try {
    return { reached: true, status: await readStatus(target, signal), failure: "" };
  } catch (error) {
    return { reached: false, status: 0, failure: wordsOf(error, target) };
  }
}

async function readStatus({ url, caFile, timeout }: ProbeTarget, signal: AbortSignal): Promise<number> {
  const ca = caFile === undefined ? {} : { ca: await readFile(caFile, "utf8") };
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  const headers = { accept: "*/*", "user-agent": "sealwatch" };
  // Without an agent the connection is its own and ends with it: a probe of a kept one would not see that nothing listens any more.
  const options = { method: "GET", headers, agent: false, rejectUnauthorized: true, signal: ends, ...ca } as const;
  return await new Promise((resolve, reject) => {
    const sent = send(url, options, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    // Kept for good: destroying the answer may make the request fail once more, when nobody asks any longer.
    sent.on("error", (error) => reject(ends.aborted ? (ends.reason as Error) : error));
    sent.end();
  });
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused)",
  ENOTFOUND: "the name does not resolve",
  EAI_AGAIN: "the name does not resolve",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  ECONNRESET: "the connection broke",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate has another name",
  CERT_HAS_EXPIRED: "the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is from an unknown authority",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate is from an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate is from an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate is from an unknown authority",
  ENOENT: "the file in caFile is not there",
  EACCES: "the file in caFile may not be read",
};

/** By the code of what was thrown; the words of others may hold anything. */
function wordsOf(error: unknown, { timeout }: ProbeTarget): string {
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  if (name === "TimeoutError") return `no answer within ${formatDuration(timeout)}`;
  if (typeof code !== "string") return "it failed";
  if (code.startsWith("HPE_")) return "it does not answer in HTTP";
  return CAUSES[code] ?? `the connection failed (${code})`;
}

function unknownTarget(name: string, names: readonly string[]): FailureError {
  return new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot probe "${name}": no target of this name is configured${suggestion(name, names)}; name it under probes`,
  });
}

function aborted({ name }: ProbeTarget): FailureError {
  return new FailureError({
    reason: "aborted",
    retryable: true,
    message: `cannot probe "${name}": the caller gave up; start it again when needed`,
  });
}
