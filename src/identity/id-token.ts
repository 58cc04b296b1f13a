import type { GroupClaim } from "../access/roster.ts";
import type { Secret } from "../lib/secret.ts";

/** What a verified ID token says of whoever shows it. */
export type VerifiedToken = {
  /** The claim `sub`: never given to another human by the issuer. */
  readonly sub: string;
  /** The claim that names listed people; e-mail addresses in small letters. */
  readonly subject: string;
  readonly hasClaim: (claim: GroupClaim) => boolean;
};

/** IdTokens verifies ID tokens of one issuer. Throws `FailureError` with the reason `denied` for a token that is not good. */
export type IdTokens = { readonly verify: (token: Secret) => Promise<VerifiedToken> };
