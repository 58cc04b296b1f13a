import { Secret } from "../lib/secret.ts";
import { callFailure } from "./call-failure.ts";
import type { Call } from "./call-failure.ts";
import type { TokenSource } from "./token-source.ts";
import type { VaultRequest } from "./transport.ts";

/** The sources of a cluster's tokens. */
export type Tokens = { readonly read?: TokenSource; readonly operate?: TokenSource };

/** CallToken is the token of one call, and whom to tell when it was denied. */
export type CallToken = { readonly token: Secret; readonly denied: () => void };

/** Gives the token that a call needs, undefined for a token-free call; throws reason `denied` when there is none to give. */
export async function callToken(call: Call, asked: VaultRequest, tokens: Tokens): Promise<CallToken | undefined> {
  const { token: kind } = asked;
  if (kind === "none") return undefined;
  if (kind instanceof Secret) return { token: kind, denied: () => {} };
  const source = tokens[kind];
  if (source === undefined) throw unconfigured(call, kind);
  const token = await source.read(asked);
  return { token, denied: () => source.denied?.(token) };
}

function unconfigured(call: Call, kind: "read" | "operate"): Error {
  const [purpose, key] =
    kind === "read"
      ? ["reading", "clusters[].token or clusters[].auth"]
      : ["actions", "clusters[].operator or clusters[].operatorToken"];
  return callFailure(call, {
    reason: "denied",
    retryable: false,
    why: `no token is configured for ${purpose}`,
    advice: `set ${key} in the configuration`,
  });
}
