import { FailureError } from "../lib/failure.ts";
import { formatDuration } from "../lib/duration.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { callFailure, uncertain } from "./call-failure.ts";
import type { Call, Explanation } from "./call-failure.ts";
import { CutOff } from "../wire/send.ts";

/** What bounded the call, for the words. */
export type Limits = { readonly connectMs: number; readonly timeoutMs: number; readonly maxBytes: number };

type Cause = { readonly codes: readonly string[]; readonly why: string; readonly advice: string };

/** Before the request was sent: nothing can have happened. */
const NEVER_SENT: readonly Cause[] = [
  {
    codes: ["ECONNREFUSED"],
    why: "nothing listens at {address} (connection refused)",
    advice: "check that the server runs",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA"],
    why: "the name in {address} does not resolve",
    advice: "check the address and the DNS",
  },
  {
    codes: ["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN"],
    why: "there is no route to {address}",
    advice: "check the network and its policies",
  },
  {
    codes: ["ERR_TLS_CERT_ALTNAME_INVALID"],
    why: "the certificate of {address} has another name",
    advice: "set tls.serverName to a name that is in the certificate",
  },
  {
    codes: [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    ],
    why: "the certificate of {address} is from an unknown authority",
    advice: "set tls.caFile to the authority's certificate",
  },
  {
    codes: ["CERT_HAS_EXPIRED"],
    why: "the certificate of {address} has expired",
    advice: "renew the certificate of the server",
  },
  {
    codes: ["CERT_NOT_YET_VALID"],
    why: "the certificate of {address} is not valid yet",
    advice: "compare the clocks of both machines",
  },
  {
    codes: ["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG", "EPROTO"],
    why: "{address} does not speak TLS",
    advice: "check the port, and whether the address must begin with http://",
  },
];

const BROKEN: readonly Cause[] = [
  {
    codes: ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ECONNABORTED", "UND_ERR_CLOSED", "UND_ERR_DESTROYED"],
    why: "the connection to {address} broke",
    advice: "check whether the server restarted",
  },
];

/** Turns whatever `send` threw into the error to throw: `unreachable` with the cause in words, `timeout`, `aborted`, `too-large`. */
export function thrownFailure(call: Call, limits: Limits, error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  return callFailure(call, explain(call, limits, error), error);
}

function explain(call: Call, limits: Limits, error: unknown): Explanation {
  if (error instanceof CutOff) return explainCutOff(call, limits, error.kind);
  const code = codeOf(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") {
    return {
      reason: "timeout",
      retryable: true,
      why: `no connection to ${call.address} within ${formatDuration(limits.connectMs)}`,
      advice: "check the network, its policies and the machine",
    };
  }
  if (isParserError(error) || code === "UND_ERR_HEADERS_OVERFLOW") {
    return uncertain(call, {
      reason: "invalid-answer",
      why: `${call.address} does not answer in HTTP`,
      advice: "check the port: 8201 is the cluster's own",
    });
  }
  return explainUnreachable(call, code);
}

/** By undici's own name for it: its code is the parser's, or none. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === "HTTPParserError";
}

function explainUnreachable(call: Call, code: string): Explanation {
  const fill = ({ why, advice }: Cause): Omit<Explanation, "retryable"> => ({
    reason: "unreachable",
    why: why.replace("{address}", call.address),
    advice,
  });
  const neverSent = NEVER_SENT.find(({ codes }) => codes.includes(code));
  if (neverSent !== undefined) return { ...fill(neverSent), retryable: true };
  const broken = BROKEN.find(({ codes }) => codes.includes(code));
  if (broken !== undefined) return uncertain(call, fill(broken));
  const tls = code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_");
  return uncertain(call, {
    reason: "unreachable",
    why: `${tls ? "TLS" : "the connection"} to ${call.address} failed${code === "" ? "" : ` (${code})`}`,
    advice: tls ? "check tls.certFile and tls.keyFile: the server may want a client certificate" : "check the server",
  });
}

function explainCutOff(call: Call, limits: Limits, kind: CutOff["kind"]): Explanation {
  switch (kind) {
    case "timeout":
      return uncertain(call, {
        reason: "timeout",
        why: `no whole answer within ${formatDuration(limits.timeoutMs)}`,
        advice: "the node hangs or is overloaded: check its disk, its audit devices and the network",
      });
    case "aborted":
      return uncertain(call, { reason: "aborted", why: "the caller gave up", advice: "start it again when needed" });
    case "too-large":
      return uncertain(call, {
        reason: "too-large",
        why: `the answer is larger than ${limits.maxBytes} bytes`,
        advice: "ask for less",
      });
    default:
      return exhaustive(kind);
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "" : codeOf(cause);
}
