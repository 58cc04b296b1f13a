import { formatDuration } from "../lib/duration.ts";
import { FailureError, type Failure, type FailureReason } from "../lib/failure.ts";
import { redact } from "../lib/redact.ts";
import { parseRefusal } from "./answer.ts";
import { CutOff, type WireRequest, type WireResponse } from "../wire/send.ts";

/** Where a call went, and what bounded it. */
export type Call = Pick<WireRequest, "timeoutMs" | "maxBytes"> & {
  /** The configured address, without user and password. */
  readonly address: string;
};

const MAX_WORDS = 300;

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused); check that it runs",
  ENOTFOUND: "its name does not resolve; check prometheus.url and the DNS",
  EAI_AGAIN: "its name does not resolve; check prometheus.url and the DNS",
  EHOSTUNREACH: "there is no route to it; check the network and its policies",
  ENETUNREACH: "there is no route to it; check the network and its policies",
  ECONNRESET: "the connection broke; check whether it restarted",
  UND_ERR_SOCKET: "the connection broke; check whether it restarted",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate has another name; use a name in prometheus.url that is in it",
  CERT_HAS_EXPIRED: "its certificate has expired; renew it",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is from an unknown authority; set prometheus.caFile",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is from an unknown authority; set prometheus.caFile",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is from an unknown authority; set prometheus.caFile",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is from an unknown authority; set prometheus.caFile",
};

/** Turns an answer that is a failure, or that nobody understands, into the error to throw. */
export function answerFailure(call: Call, { statusCode, headers, text }: WireResponse): FailureError {
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400) {
    const target =
      location !== undefined && URL.canParse(location, call.address) ? new URL(location, call.address) : undefined;
    const where = target?.origin ?? "nowhere";
    return failure(
      call,
      "refused",
      `it redirects to ${where} (${statusCode}), which is not followed; set prometheus.url to its own address`,
    );
  }
  const refusal = parseRefusal(text);
  if (refusal !== undefined) return explainRefusal(call, refusal.type, shorten(refusal.words));
  if (statusCode === 401 || statusCode === 403) {
    return failure(call, "denied", `it denied access (${statusCode}); check prometheus.token`);
  }
  if (statusCode === 404) {
    return failure(call, "not-found", "it has no query API (404); prometheus.url must end before /api");
  }
  if (statusCode === 429) return failure(call, "rate-limited", "a rate limit was reached (429); wait a little");
  if (statusCode >= 500) return failure(call, "server-error", `server error (${statusCode}); read its log`);
  return failure(
    call,
    "invalid-answer",
    `its answer (${statusCode}) is not what Prometheus sends; check prometheus.url`,
  );
}

/** Turns whatever a call threw into the error to throw. */
export function thrownFailure(call: Call, error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  if (error instanceof CutOff) return explainCutOff(call, error);
  const code = codeOf(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") {
    return failure(call, "timeout", "no connection in time; check the network and its policies", error);
  }
  if ((error instanceof Error && error.name === "HTTPParserError") || code === "UND_ERR_HEADERS_OVERFLOW") {
    return failure(call, "invalid-answer", "it does not answer in HTTP; check the port in prometheus.url", error);
  }
  const known = UNREACHABLE[code] ?? `the connection failed${code === "" ? "" : ` (${code})`}; check that it runs`;
  return failure(call, "unreachable", known, error);
}

/** By the type that Prometheus gives: https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview. */
function explainRefusal(call: Call, type: string, words: string): FailureError {
  switch (type) {
    case "timeout":
    case "canceled":
      return failure(call, "timeout", `it gave up: "${words}"; ask for less, or a shorter window`);
    case "unauthorized":
      return failure(call, "denied", `it denied access: "${words}"; check prometheus.token`);
    case "not_found":
      return failure(call, "not-found", `it found nothing: "${words}"; check prometheus.url`);
    case "unavailable":
    case "internal":
      return failure(call, "server-error", `it could not: "${words}"; read its log`);
    default:
      return failure(call, "refused", `it refused the query: "${words}"; correct the step's query`);
  }
}

function explainCutOff(call: Call, { kind }: CutOff): FailureError {
  switch (kind) {
    case "timeout":
      return failure(
        call,
        kind,
        `no whole answer within ${formatDuration(call.timeoutMs)}; ask for less, or see whether it is overloaded`,
      );
    case "aborted":
      return failure(call, kind, "the caller gave up; start it again when needed");
    case "too-large":
      return failure(call, kind, `the answer is larger than ${call.maxBytes} bytes; aggregate the query`);
    default:
      return kind satisfies never;
  }
}

const RETRYABLE: ReadonlySet<FailureReason> = new Set([
  "unreachable",
  "timeout",
  "aborted",
  "rate-limited",
  "server-error",
]);

function failure({ address }: Call, reason: Failure["reason"], why: string, cause?: unknown): FailureError {
  const message = `cannot ask Prometheus at ${address}: ${why}`;
  return new FailureError({ reason, retryable: RETRYABLE.has(reason), message }, { cause });
}

function shorten(words: string): string {
  const line = words.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return redact(line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line);
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "" : codeOf(cause);
}
