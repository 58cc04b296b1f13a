import { readFile } from "node:fs/promises";
import { errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyResult } from "jose";
import type { Clock } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";
import { hasClaim, textClaim } from "./claims.ts";
import type { IdTokens, VerifiedToken } from "./id-token.ts";
import { createIssuerKeys } from "./issuer-keys.ts";
import { IdTokenClaims } from "./schema.ts";
import { whyRefused } from "./why-refused.ts";

/** Whose tokens are taken: the section `access.oidc` of the configuration. `maxAge` is milliseconds. */
export type OidcSettings = {
  readonly issuer: string;
  readonly audience: string;
  readonly subjectClaim: string;
  readonly groupsClaim: string;
  readonly maxAge: number;
  readonly caFile?: string | undefined;
};

/** What tokens are verified with. */
export type IdTokensOptions = {
  readonly oidc: OidcSettings;
  readonly clock: Clock;
  /** For each of the issuer's answers, in milliseconds; default: 5,000. */
  readonly timeoutMs?: number;
};

/** Signatures by the issuer's private key. Never `none`, and nothing symmetric, for which the public key would be the secret. */
const ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"];

const SKEW_SECONDS = 30;

/** The header of an HTTP request may be as long; a token is shorter. */
const MOST_CHARACTERS = 16_384;

/** Creates the verifier of one issuer's ID tokens. Nobody is asked before the first token. */
export function createIdTokens({ oidc, clock, timeoutMs = 5000 }: IdTokensOptions): IdTokens {
  const keys = createIssuerKeys({ issuer: oidc.issuer, ca: async () => await readCa(oidc.caFile), clock, timeoutMs });
  return {
    verify: async (token) => {
      const text = token.reveal();
      if (text.length > MOST_CHARACTERS) throw refused("it is longer than any token");
      const { payload, protectedHeader } = await verifySigned(text, keys, { oidc, now: new Date(clock.now()) });
      const { typ } = protectedHeader;
      if (typ !== undefined && typ.toUpperCase() !== "JWT")
        throw refused(`it is of the type ${JSON.stringify(typ)}; an ID token is wanted`);
      const claims = IdTokenClaims.safeParse(payload);
      if (!claims.success) throw refused("its sub, azp or email_verified has another form than an ID token's");
      return factsOf(claims.data, oidc);
    },
  };
}

type Moment = { readonly oidc: OidcSettings; readonly now: Date };

async function verifySigned(text: string, keys: JWTVerifyGetKey, { oidc, now }: Moment): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(text, keys, {
      algorithms: ALGORITHMS,
      issuer: oidc.issuer,
      audience: oidc.audience,
      requiredClaims: ["exp", "iat", "sub"],
      maxTokenAge: oidc.maxAge / 1000,
      clockTolerance: SKEW_SECONDS,
      currentDate: now,
    });
  } catch (error) {
    if (error instanceof FailureError) throw error;
    if (error instanceof errors.JOSEError) throw refused(whyRefused(error, oidc), error);
    throw refused("the key that the issuer publishes for it cannot be used", error);
  }
}

/** A token for several audiences, or one that another client got, says for whom it is in `azp`. */
function factsOf(claims: IdTokenClaims, { audience, subjectClaim, groupsClaim }: OidcSettings): VerifiedToken {
  const several = Array.isArray(claims["aud"]) && claims["aud"].length > 1;
  if ((several || claims.azp !== undefined) && claims.azp !== audience)
    throw refused("it was given to another client (azp)");
  const subject = textClaim(claims, subjectClaim);
  if (subject === undefined || !/^\P{C}+$/u.test(subject)) throw refused(`its claim ${subjectClaim} is no text`);
  const isEmail = subjectClaim === "email";
  if (isEmail && claims.email_verified !== true)
    throw refused("the issuer does not say that the e-mail address was verified (email_verified)");
  return {
    sub: claims.sub,
    subject: isEmail ? subject.toLowerCase() : subject,
    hasClaim: ({ name = groupsClaim, value }) => hasClaim(claims, name, value),
  };
}

function refused(why: string, cause?: unknown): FailureError {
  const message = `cannot tell who you are by the ID token: ${why}`;
  return new FailureError({ reason: "denied", retryable: false, message }, { cause });
}

async function readCa(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return await readFile(file, "utf8").catch((error: unknown) => {
    const message = `cannot read the issuer's certificate authority from ${file}: the file cannot be read; see access.oidc.caFile`;
    throw new FailureError({ reason: "not-found", retryable: true, message }, { cause: error });
  });
}
