/** The claims of a token, by name. */
export type Claims = { readonly [name: string]: unknown };

/** Gives a claim by its name, or by a path of names with dots (`realm_access.roles`) where no claim has that name. */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Claims)[part];
  }
  return found;
}

/** Gives a claim that is text; undefined when it is not there, empty, or anything else. */
export function textClaim(claims: Claims, name: string): string | undefined {
  const value = claimAt(claims, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Says whether a claim is a text, or a list with it; nothing else is ever equal. */
export function hasClaim(claims: Claims, name: string, wanted: string): boolean {
  const value = claimAt(claims, name);
  return value === wanted || (Array.isArray(value) && value.includes(wanted));
}
