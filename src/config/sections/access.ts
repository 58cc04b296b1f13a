import { z } from "zod";
import { NOBODY, Role } from "../../access/person.ts";
import { Interval } from "../../runbook/schema.ts";

/** PersonEntry is one human, whatever the surface: all their names in one place, so that they have one vote. */
export const PersonEntry = z.strictObject({
  name: z.string().min(1).describe("One name for one human, whatever the surface."),
  role: Role.optional().describe("What they may do by themselves; their groups may give more."),
  slack: z
    .string()
    .min(1)
    .optional()
    .describe(`Slack member id, for instance U012AB3CD; \`${NOBODY}\` for someone who has no Slack account.`),
  cli: z.string().min(1).optional().describe("Name of the operating system's user."),
  oidc: z
    .string()
    .min(1)
    .optional()
    .describe(`Their value of \`oidc.subjectClaim\`; \`${NOBODY}\` for someone who gets no ID tokens.`),
  groups: z.array(z.string().min(1)).default([]).describe("Names of groups that they are in."),
});
export type PersonEntry = z.infer<typeof PersonEntry>;

/** GroupEntry is a set of people, from one source or several; it gives its role to all of them. */
export const GroupEntry = z.strictObject({
  name: z.string().min(1).describe("What gates ask for, and what people read."),
  role: Role.optional().describe("What its members may do; without one it is only there for gates that ask for it."),
  slackUserGroup: z
    .string()
    .min(1)
    .optional()
    .describe("Slack user group, by id (S012AB3CD) or handle; paid plans only. Whoever may edit it decides who is in."),
  people: z.array(z.string().min(1)).default([]).describe("Names of listed people."),
  claim: z
    .strictObject({
      name: z.string().min(1).optional().describe("Claim of the ID token; default: oidc.groupsClaim."),
      value: z.string().min(1).describe("The claim, or an item of it, must be this."),
    })
    .optional()
    .describe("Who shows an ID token with this claim."),
});
export type GroupEntry = z.infer<typeof GroupEntry>;

/** Oidc says whose ID tokens tell who somebody at a terminal is. */
export const Oidc = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/u })
    .describe("The issuer, as the token's `iss` says it; https, or http on loopback."),
  audience: z.string().min(1).describe("The client id that tokens are made for."),
  subjectClaim: z
    .string()
    .min(1)
    .default("sub")
    .describe("Claim by which `people[].oidc` names a human; `email` counts only with `email_verified`."),
  groupsClaim: z.string().min(1).default("groups").describe("Claim that holds groups, unless a group names another."),
  maxAge: Interval.prefault("10m").describe("How old a token may be (`iat`), however long it says that it lives."),
  caFile: z
    .string()
    .min(1)
    .optional()
    .describe("PEM file of the issuer's certificate authority; default: the system's."),
});
export type Oidc = z.infer<typeof Oidc>;

/** BreakGlass lets one person approve alone, with a reason and loudly; off unless it is switched on. */
export const BreakGlass = z.strictObject({
  enabled: z.boolean().default(false).describe("Whether one person may approve alone in an emergency."),
  role: z.enum(["approver", "admin"]).default("admin").describe("Role that it takes."),
});

/** Access is who may do what. */
export const Access = z.strictObject({
  people: z.array(PersonEntry).default([]),
  groups: z.array(GroupEntry).default([]),
  breakGlass: BreakGlass.prefault({}),
  oidc: Oidc.optional().describe("ID tokens that tell who is at a terminal which many share (`kubectl exec`)."),
});
export type Access = z.infer<typeof Access>;
