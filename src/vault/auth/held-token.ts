import type { Timestamp } from "../../lib/clock.ts";
import type { Secret } from "../../lib/secret.ts";
import type { IssuedToken } from "./token-api.ts";

/** HeldToken is a token that Vault accepted, with the plan for it. */
export type HeldToken = {
  readonly token: Secret;
  /** Its life at the login, in milliseconds; 0: it never expires. */
  readonly fullTtlMs: number;
  /** Whether renewing it is still worth a call; a token that is not is replaced by a login. */
  readonly renewable: boolean;
  readonly expiresAt: Timestamp;
  /** When to renew it, or to log in for another. */
  readonly dueAt: Timestamp;
};

/** Plans for a token that was just issued: due at about two thirds of its life, spread by `random` (0 to 1). */
export function holdToken({ token, ttlMs, renewable }: IssuedToken, now: Timestamp, random: number): HeldToken {
  if (ttlMs === 0) return { token, fullTtlMs: 0, renewable: false, expiresAt: Infinity, dueAt: Infinity };
  return { token, fullTtlMs: ttlMs, renewable, expiresAt: now + ttlMs, dueAt: now + ttlMs * (0.6 + 0.1 * random) };
}

/** Plans anew after a renewal. One that gives less than half of a full life is near the token's maximum: the next is a login. */
export function renewToken(held: HeldToken, issued: IssuedToken, now: Timestamp, random: number): HeldToken {
  const capped = issued.ttlMs < held.fullTtlMs / 2;
  const renewed = holdToken({ ...issued, token: held.token }, now, random);
  return { ...renewed, fullTtlMs: held.fullTtlMs, renewable: issued.renewable && !capped };
}
