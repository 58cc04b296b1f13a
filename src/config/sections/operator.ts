import { z } from "zod";
import { Auth } from "./auth.ts";

/** Operator is how approved calls get their credential: a login for each, and from it a token that may do that call and nothing else. */
export const Operator = z.strictObject({
  auth: Auth.describe("How sealwatch logs in for an approved call; nothing of it is kept after the call."),
  tokenRole: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/u, "a name without slashes, like sealwatch-operator")
    .default("sealwatch-operator")
    .describe("Token role that mints (`auth/token/roles/<role>`; `sealwatch policy actions` prints it)."),
  policyPrefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/u, "a lower-case beginning, like sealwatch-")
    .default("sealwatch-")
    .describe("Beginning of the policies' names; the action's name follows, with dashes for dots."),
});
export type Operator = z.infer<typeof Operator>;
