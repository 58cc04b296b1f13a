import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../lib/secret.ts";

/** Says whether an `Authorization` header holds the token, in a time that tells nothing about it; an empty token lets nobody in. */
export function holdsBearer(header: string | undefined, token: Secret): boolean {
  const expected = token.reveal();
  const given = /^Bearer +(?<token>\S+) *$/iu.exec(header ?? "")?.groups?.["token"] ?? "";
  const same = timingSafeEqual(digest(given), digest(expected));
  return same && expected !== "";
}

/** Makes texts of any length equally long, which `timingSafeEqual` needs. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
