import { covers, type Actor, type Role } from "./person.ts";

/** What somebody wants to do, and what it takes: a role, and to be in one of some groups (none: in any or none). */
export type Demand = {
  readonly verb: string;
  readonly role?: Role | undefined;
  readonly groups?: readonly string[] | undefined;
};

/**
 * Words a refusal: what is needed, what the person has and from where, and what could not be found out. Undefined when they may.
 * `bob may not approve; the role approver is needed; bob has the role responder (access.people)`.
 */
export function whyNot(by: Actor, { verb, role, groups = [] }: Demand): string | undefined {
  const lacksRole = role !== undefined && !covers(by.role, role);
  const lacksGroup = groups.length > 0 && !groups.some((group) => by.groups.includes(group));
  if (!lacksRole && !lacksGroup) return undefined;
  return [
    `${by.name} may not ${verb}`,
    ...(lacksRole ? [`the role ${role} is needed`] : []),
    ...(lacksGroup ? [`someone of ${groups.join(" or ")} is needed`] : []),
    ...has(by),
    ...(by.standing?.untold ?? []),
  ].join("; ");
}

/** Nothing when nobody looked where it came from. */
function has({ name, role, groups, standing }: Actor): readonly string[] {
  if (standing === undefined) return [];
  const source = standing.source === undefined ? "" : ` (${standing.source})`;
  const held = role === undefined ? "no role" : `the role ${role}${source}`;
  return [`${name} has ${held}${groups.length === 0 ? "" : ` and is of ${groups.join(", ")}`}`];
}
