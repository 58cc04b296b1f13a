import type { FailureError } from "../lib/failure.ts";
import { redact } from "../lib/redact.ts";
import { callFailure, uncertain } from "./call-failure.ts";
import type { Call, Explanation } from "./call-failure.ts";
import { policyLine } from "./policy-line.ts";
import type { VaultResponse } from "./transport.ts";

const MAX_WORDS = 200;

/** Vault's words for an id that it does not know, in a body and not in the path: a 400 by now, a 403 in some versions. */
const NOT_THERE = /\binvalid (?:lease|accessor)\b/u;

/** Reads Vault's own words from an `{"errors": [...]}` body; undefined when there are none. They are shortened and redacted. */
export function errorWords(body: unknown): string | undefined {
  const errors = (body as { readonly errors?: unknown } | null | undefined)?.errors;
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const words = errors
    .map(String)
    .join("; ")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return redact(words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words);
}

/** Turns an answer that is a failure into the error to throw, by its code and, where one code has several meanings, its words. */
export function answerFailure(call: Call, response: VaultResponse): FailureError {
  return callFailure(call, explain(call, response), { statusCode: response.statusCode });
}

function explain(call: Call, response: VaultResponse): Explanation {
  const { statusCode } = response;
  if (statusCode >= 300 && statusCode < 400) return explainRedirect(call, response);
  return statusCode < 500 ? explainRefusal(call, response) : explainServerError(call, response);
}

function explainRefusal(call: Call, { statusCode, headers, body, text }: VaultResponse): Explanation {
  const words = errorWords(body);
  const said = words === undefined ? `code ${statusCode}` : `"${words}" (${statusCode})`;
  if (isLogin(call) && statusCode !== 429) return explainLogin(call, said);
  if (NOT_THERE.test(words ?? "")) {
    return { reason: "not-found", retryable: false, why: said, advice: "it never was, has ended or was revoked" };
  }
  switch (statusCode) {
    case 403:
      return {
        reason: "denied",
        retryable: false,
        why: `denied (403)`,
        advice: `add: ${policyLine(call)} to the token's policy, or give a new token when this one has expired`,
      };
    case 404:
      return {
        reason: "not-found",
        retryable: false,
        why: words === undefined ? "there is nothing (404)" : said,
        advice: "check that the path exists on this product, version and edition",
      };
    case 412:
      return {
        reason: "standby",
        retryable: true,
        why: `the node has not caught up with the active one (412)`,
        advice: "try again, or ask the active node",
      };
    case 429:
      return {
        reason: "rate-limited",
        retryable: true,
        why: `a rate limit was reached${words === undefined ? "" : `: "${words}"`} (429)`,
        advice: `wait ${headers["retry-after"] === undefined ? "a little" : `${headers["retry-after"]} s`}, or exempt the path in sys/quotas/config`,
      };
    default:
      return {
        reason: "refused",
        retryable: false,
        why: `refused: ${said}`,
        advice: text.includes("HTTP request to an HTTPS server")
          ? "the address must begin with https://"
          : "check the request against the API of this version",
      };
  }
}

function isLogin({ method, path }: Call): boolean {
  return method === "POST" && path.startsWith("auth/") && path.endsWith("/login");
}

/** A login needs no policy: whatever the code, it is the method, the role or its secret. */
function explainLogin({ path }: Call, said: string): Explanation {
  const mount = path.replace(/\/login$/u, "");
  return {
    reason: "denied",
    retryable: false,
    why: `the login was refused: ${said}`,
    advice: `check the role and the secret in clusters[].auth, and that its method is mounted at ${mount}/ (namespace included)`,
  };
}

function explainServerError(call: Call, { statusCode, body }: VaultResponse): Explanation {
  const words = errorWords(body) ?? "";
  if (statusCode === 501 || /not (?:yet )?initialized/iu.test(words)) {
    return {
      reason: "uninitialized",
      retryable: false,
      why: `the node is not initialized (${statusCode})`,
      advice: "let it join its cluster; initialize it only when it is the first of a new one",
    };
  }
  if (/is sealed/iu.test(words)) {
    return {
      reason: "sealed",
      retryable: true,
      why: `the node is sealed (${statusCode})`,
      advice: "unseal it, or ask an unsealed node",
    };
  }
  if (/active cluster node not found|no active vault instance/iu.test(words)) {
    return {
      reason: "no-leader",
      retryable: true,
      why: `the cluster has no active node (${statusCode})`,
      advice: "see sys/leader on every node: an election takes seconds, a lost quorum does not heal by itself",
    };
  }
  return uncertain(call, {
    reason: "server-error",
    why: `server error ${words === "" ? "" : `"${words}" `}(${statusCode})`,
    advice: "read the server's log",
  });
}

function explainRedirect(call: Call, { statusCode, headers }: VaultResponse): Explanation {
  const target = targetOf(call, headers["location"]);
  if (statusCode === 307 && target !== undefined && target.host !== new URL(call.address).host) {
    return {
      reason: "standby",
      retryable: false,
      why: `it is a standby and points to ${target.origin} (${statusCode})`,
      advice: "ask the active node by its own configured address: a token follows no redirect",
    };
  }
  return {
    reason: "refused",
    retryable: false,
    why: `redirected to ${target?.origin ?? "nowhere"} (${statusCode})`,
    advice: "configure the node's own address, not a proxy's: a token follows no redirect",
  };
}

function targetOf(call: Call, location: string | undefined): URL | undefined {
  if (location === undefined || !URL.canParse(location, call.address)) return undefined;
  return new URL(location, call.address);
}
