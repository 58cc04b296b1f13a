import { z } from "zod";

/** What a person may do, weakest first: see, start and answer, approve, everything. A role includes those before it. */
export const ROLES = ["viewer", "responder", "approver", "admin"] as const;

/** One of `ROLES`. */
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Someone who did something, as stored: one id for one human, on whatever surface (`alice`, or `slack:U123` when unmapped). */
export const Person = z.strictObject({ id: z.string().min(1), name: z.string().min(1) });
export type Person = z.infer<typeof Person>;

/** A person with the role they hold at this moment; evaluated at click time, never stored. */
export type Actor = Person & { readonly role: Role | undefined };

/** Says whether a held role covers the demanded one; no role covers nothing (fail closed). */
export function covers(held: Role | undefined, demanded: Role): boolean {
  return held !== undefined && ROLES.indexOf(held) >= ROLES.indexOf(demanded);
}
