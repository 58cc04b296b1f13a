import { formatDuration } from "../../lib/duration.ts";

/** What an approved call asks for. */
export type AskedToken = {
  readonly role: string;
  readonly policy: string;
  /** In milliseconds, whole seconds of them. */
  readonly ttlMs: number;
};

/** What Vault says of the token that it gave. */
export type GivenToken = {
  /** Its own policies and those of its entity and that entity's groups. */
  readonly policies: readonly string[];
  /** In milliseconds; 0: it never ends. */
  readonly ttlMs: number;
  readonly renewable: boolean;
  readonly orphan: boolean;
  readonly warnings: readonly string[];
};

/**
 * Says what is wrong with a token that was given: everything beyond what was asked for, and a policy that does not exist. Empty when it is
 * right. A shorter life is right: Vault's own limits may cut it.
 */
export function judgeGrant(asked: AskedToken, given: GivenToken): readonly string[] {
  const { role, policy } = asked;
  const others = given.policies.filter((name) => name !== policy);
  const settings = `auth/token/roles/${role}`;
  return [
    ...(given.policies.includes(policy) ? [] : [`it lacks the policy ${policy}`]),
    ...(others.length === 0
      ? []
      : [
          `it has more policies than ${policy}: ${others.join(", ")} (of ${settings}, or of the login's entity and groups)`,
        ]),
    ...(given.ttlMs > 0 && given.ttlMs <= asked.ttlMs ? [] : [lifeOf(asked, given)]),
    ...(given.renewable ? [`it can be renewed (set renewable=false on ${settings})`] : []),
    ...(given.orphan ? [`it outlives the login that minted it (set orphan=false on ${settings})`] : []),
    ...(isUnknown(policy, given.warnings) ? [`Vault has no policy ${policy}, so it may do nothing`] : []),
  ];
}

function lifeOf(asked: AskedToken, given: GivenToken): string {
  const life = given.ttlMs === 0 ? "for ever" : `for ${formatDuration(given.ttlMs)}`;
  return `it lives ${life} instead of ${formatDuration(asked.ttlMs)}`;
}

/** Vault mints a token with a policy that nobody wrote, and only warns: `Policy "x" does not exist`. */
function isUnknown(policy: string, warnings: readonly string[]): boolean {
  return warnings.some((warning) => warning.toLowerCase().includes(`policy "${policy}" does not exist`));
}
