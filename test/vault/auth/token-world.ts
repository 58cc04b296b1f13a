import type { Clock, Timestamp } from "../../../src/lib/clock.ts";
import { FailureError } from "../../../src/lib/failure.ts";
import type { FailureReason } from "../../../src/lib/failure.ts";
import { Secret } from "../../../src/lib/secret.ts";
import type { IssuedToken, TokenApi } from "../../../src/vault/auth/token-api.ts";

/** TokenWorld is a server that gives tokens, with everything that can go wrong with them. */
export type TokenWorld = {
  readonly api: TokenApi;
  /** Every call so far, with its time. */
  readonly calls: { readonly name: keyof TokenApi; readonly at: Timestamp; readonly token?: string }[];
  /** Why each call fails from now on; undefined: none does. */
  failing: FailureReason | undefined;
  /** Why renewals alone fail. */
  renewalsFailing: FailureReason | undefined;
  /** What a login gives. */
  ttlMs: number;
  maxTtlMs: number;
  renewable: boolean;
  /** The tokens that the server still knows, oldest first. */
  readonly living: () => readonly string[];
  readonly revokeAll: () => void;
  readonly calledTimes: (name: keyof TokenApi) => number;
};

/** Creates a server whose tokens live for an hour. */
export function createTokenWorld(clock: Clock): TokenWorld {
  const tokens = new Map<string, { readonly issuedAt: Timestamp; expiresAt: Timestamp }>();
  let serial = 0;
  const lives = (token: string): boolean => clock.now() < (tokens.get(token)?.expiresAt ?? 0);
  const called = async (name: keyof TokenApi, token?: Secret): Promise<string> => {
    const text = token?.reveal();
    world.calls.push({ name, at: clock.now(), ...(text === undefined ? {} : { token: text }) });
    const failing = world.failing ?? (name === "renew" ? world.renewalsFailing : undefined);
    if (failing !== undefined) throw failure(failing);
    if (text !== undefined && name !== "isValid" && !lives(text)) throw failure("denied");
    return await Promise.resolve(text ?? "");
  };
  const give = (token: string): IssuedToken => {
    const held = tokens.get(token) ?? { issuedAt: clock.now(), expiresAt: 0 };
    const ttlMs = Math.min(world.ttlMs, held.issuedAt + world.maxTtlMs - clock.now());
    tokens.set(token, { ...held, expiresAt: clock.now() + ttlMs });
    return { token: new Secret(token), ttlMs, renewable: world.renewable };
  };
  const world: TokenWorld = {
    calls: [],
    failing: undefined,
    renewalsFailing: undefined,
    ttlMs: 3_600_000,
    maxTtlMs: Infinity,
    renewable: true,
    living: () => [...tokens.keys()].filter(lives),
    revokeAll: () => tokens.clear(),
    calledTimes: (name) => world.calls.filter((call) => call.name === name).length,
    api: {
      login: async () => {
        await called("login");
        serial += 1;
        return give(`token-${serial}`);
      },
      renew: async (token) => give(await called("renew", token)),
      isValid: async (token) => lives(await called("isValid", token)),
      revoke: async (token) => {
        tokens.delete(await called("revoke", token));
      },
    },
  };
  return world;
}

function failure(reason: FailureReason): FailureError {
  return new FailureError({ reason, retryable: true, message: `cannot: ${reason}` });
}
