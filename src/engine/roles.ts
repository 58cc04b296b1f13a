import type { Actor, Person, Role } from "../access/person.ts";
import { whyNot } from "../access/why-not.ts";
import { refuse, type Refused } from "./decision.ts";

/** Refuses what a role is not enough for; undefined when it is. */
export function lacksRole(by: Actor, role: Role, verb: string): Refused | undefined {
  const why = whyNot(by, { verb, role });
  return why === undefined ? undefined : refuse("role", why);
}

/** Gives the person of an actor: what is stored of them. */
export function personOf({ id, name }: Actor): Person {
  return { id, name };
}
