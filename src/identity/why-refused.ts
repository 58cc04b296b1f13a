import { errors } from "jose";

/** Says in our own words why a token is not taken; nothing of the token is in them but names of claims. */
export function whyRefused(error: errors.JOSEError, { audience }: { readonly audience: string }): string {
  if (error instanceof errors.JWTExpired)
    return error.claim === "iat" ? "it is too old; get a new one" : "it has expired; get a new one";
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.reason === "missing" ? `its claim ${error.claim} is missing` : claimWords(error.claim, audience);
  if (error instanceof errors.JWSSignatureVerificationFailed) return "its signature is not the issuer's";
  if (error instanceof errors.JWKSNoMatchingKey) return "it is signed with a key that the issuer does not publish";
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return "it does not say which of the issuer's keys it is signed with (kid)";
  if (error instanceof errors.JOSEAlgNotAllowed)
    return "it is signed in a way that is not taken; RS256, PS256, ES256 and EdDSA are";
  return "it is no signed token (JWT)";
}

function claimWords(claim: string, audience: string): string {
  switch (claim) {
    case "iat":
      return "it was made in the future; compare the clocks";
    case "nbf":
      return "it is not valid yet; compare the clocks";
    case "iss":
      return "it is of another issuer";
    case "aud":
      return `it is not made for ${audience}`;
    default:
      return `its claim ${claim} has another form than an ID token's`;
  }
}
