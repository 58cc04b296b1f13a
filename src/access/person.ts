import { z } from "zod";

/** What a person may do, weakest first: see, start and answer, approve, everything. A role includes those before it. */
export const ROLES = ["viewer", "responder", "approver", "admin"] as const;

/** One of `ROLES`. */
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Stands for a Slack account or an ID token that a listed person says not to have. */
export const NOBODY = "none";

/** Someone who did something, as stored: one id for one human, on whatever surface (`alice`, or `slack:U123` when unmapped). */
export const Person = z.strictObject({ id: z.string().min(1), name: z.string().min(1) });
export type Person = z.infer<typeof Person>;

/** Where a role came from and what could not be asked: for the words of a refusal, never for a decision. */
export type Standing = {
  /** What gave the role, for instance `group approvers (Slack user group S012AB3CD)`; undefined when they have none. */
  readonly source: string | undefined;
  /** What might have given more and could not be told, a clause each: `the members of … could not be read from Slack since …`. */
  readonly untold: readonly string[];
};

/** A person with the role that they hold and the groups that they are in at this moment; evaluated at click time, never stored. */
export type Actor = Person & {
  readonly role: Role | undefined;
  /** Names of groups of the configuration. */
  readonly groups: readonly string[];
  readonly standing?: Standing;
};

/** Says whether a held role covers the demanded one; no role covers nothing (fail closed). */
export function covers(held: Role | undefined, demanded: Role): boolean {
  return held !== undefined && ROLES.indexOf(held) >= ROLES.indexOf(demanded);
}

/** Gives the strongest of several roles; undefined when there is none. */
export function strongest(roles: readonly (Role | undefined)[]): Role | undefined {
  return ROLES.findLast((role) => roles.includes(role));
}
