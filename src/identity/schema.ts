import { z } from "zod";

/** What is read of `/.well-known/openid-configuration`. */
export const DiscoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.string() });

/** A JWKS; each key is judged when it is used. */
export const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** What every ID token must say; the issuer's other claims are kept as they are. */
export const IdTokenClaims = z.looseObject({
  sub: z.string().min(1).max(255),
  azp: z.string().optional(),
  email_verified: z.unknown().optional(),
});
export type IdTokenClaims = z.infer<typeof IdTokenClaims>;
