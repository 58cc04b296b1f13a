import { strongest, type Actor, type Person } from "./person.ts";
import { strangersMayBelong, type GroupClaim, type ListedGroup, type ListedPerson, type Roster } from "./roster.ts";

/** What a source outside says, or why it cannot be known now: a clause for people, as `… could not be read from Slack since …`. */
export type Told<T> = { readonly told: true; readonly value: T } | { readonly told: false; readonly why: string };

/** Who is asked about, and what was found out about them. */
export type Evidence = {
  readonly person: Person;
  /** Undefined when they are not listed. */
  readonly listed: ListedPerson | undefined;
  /** Says whether they are in a Slack user group; undefined when nobody knows an account of theirs. */
  readonly inSlackGroup?: ((userGroup: string) => Told<boolean>) | undefined;
  /** Says whether their ID token has a claim; undefined when they showed none. */
  readonly hasClaim?: ((claim: GroupClaim) => boolean) | undefined;
  /** What else a refusal should say, a clause each. */
  readonly notes?: readonly string[];
};

/** Gives a person with what they may do by the roster and the evidence. What could not be told gives nothing. */
export function evaluate(roster: Roster, evidence: Evidence): Actor {
  const { person, listed, notes = [] } = evidence;
  const all = roster.groups.map((group) => ({ group, ...membership(group, evidence) }));
  const found = all.filter(({ by }) => by !== undefined);
  const shutOut = listed === undefined && !strangersMayBelong(roster);
  const held = shutOut ? [] : found;
  const role = strongest([listed?.role, ...held.map(({ group }) => group.role)]);
  const giver = held.find(({ group }) => group.role === role);
  const source = listed?.role === role ? "access.people" : giver && `group ${giver.group.name} (${giver.by})`;
  const untold = [...(shutOut && found.length > 0 ? [UNLISTED] : []), ...all.flatMap(({ untold }) => untold ?? [])];
  return {
    ...person,
    role,
    groups: held.map(({ group }) => group.name),
    standing: { source: role === undefined ? undefined : source, untold: [...notes, ...untold] },
  };
}

const UNLISTED =
  "groups get members both from Slack and from ID tokens here, so only people listed under access.people with both ids belong to them: one human, one vote";

type Membership = { readonly by?: string; readonly untold?: string };

function membership(group: ListedGroup, evidence: Evidence): Membership {
  const { listed, hasClaim } = evidence;
  if (listed !== undefined && (listed.groups.includes(group.name) || group.people.includes(listed.name)))
    return { by: "the configuration" };
  if (group.claim !== undefined && hasClaim?.(group.claim) === true) return { by: "the ID token" };
  if (group.slackUserGroup === undefined || evidence.inSlackGroup === undefined) return {};
  const answer = evidence.inSlackGroup(group.slackUserGroup);
  if (!answer.told) return { untold: `whether they are in group ${group.name} ${answer.why}` };
  return answer.value ? { by: `Slack user group ${group.slackUserGroup}` } : {};
}
