import { createHash } from "node:crypto";

/** What was taken is remembered for an hour, in milliseconds. */
export const REMEMBER_MS = 3_600_000;

/** The most that one call forgets of what is older. It adds one, so that what is kept shrinks as long as anything is too old. */
export const FORGET_AT_ONCE = 100;

/** Digests an id of any length and characters (whole UTF-16, so that no two ids are one) to 64 characters that every index takes. */
export function inboxKey(id: string): string {
  return createHash("sha256").update(Buffer.from(id, "utf16le")).digest("hex");
}
