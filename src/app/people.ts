import { evaluate, type Told } from "../access/evaluate.ts";
import { covers, NOBODY, type Actor, type Person, type Role } from "../access/person.ts";
import { findListed, strangersMayBelong, type ListedPerson, type Roster, type Surface } from "../access/roster.ts";
import type { Access, Oidc } from "../config/sections/access.ts";
import type { FreshSlackDirectory } from "../identity/fresh-slack-directory.ts";
import type { IdTokens } from "../identity/id-token.ts";
import { FailureError } from "../lib/failure.ts";
import type { Secret } from "../lib/secret.ts";
import { askSlack, askSlackOf, isMember, readMembers, type Members } from "./slack-evidence.ts";

/** Whom to ask: everybody who has at least a role, or who is in a group. */
export type Wanted = { readonly role: Role } | { readonly group: string };

/**
 * People maps who someone is on a surface to the one human they are, with the role and the groups of this moment: by the configuration as it
 * is now, and by what Slack said at most a minute ago.
 */
export type People = {
  /** Never rejects: what cannot be read from Slack gives nothing. */
  readonly bySlack: (memberId: string) => Promise<Actor>;
  /** Never rejects either. */
  readonly byTerminal: (user: string) => Promise<Actor>;
  /** Throws `FailureError` when the token is not good. */
  readonly byIdToken: (token: Secret) => Promise<Actor>;
  /** Slack member ids of everybody who is wanted, as far as can be told: for mentions, never for a permission. */
  readonly slackIds: (wanted: Wanted) => Promise<readonly string[]>;
  /** Gives the one id of the human behind a Slack member id, whatever they may do. */
  readonly personId: (memberId: string) => string;
  /** Gives the Slack member id of a person, by their one id; undefined when none is known. */
  readonly memberOf: (personId: string) => string | undefined;
  /** Reads Slack's user groups anew at the next question. */
  readonly forgetSlack: () => void;
};

/** What People is made of. */
export type PeopleOptions = {
  /** The configuration of this moment. */
  readonly access: () => Access;
  /** Undefined when no Slack is configured. */
  readonly slack: FreshSlackDirectory | undefined;
  readonly idTokens: (oidc: Oidc) => IdTokens;
};

/** Creates the directory of people. Someone who is not listed is known by their id on the surface, with what their groups give. */
export function createPeople({ access, slack, idTokens }: PeopleOptions): People {
  const verifier = lastOf(idTokens);
  return {
    bySlack: async (memberId) => {
      const found = await askSlack(access(), memberId, slack);
      // The configuration may have changed meanwhile; what it names now and was not asked for gives nothing.
      const roster = access();
      const listed = findListed(roster, "slack", memberId);
      const person = named(personOf(listed, "slack", memberId), listed === undefined ? found.name : undefined);
      if (found.barred !== undefined) return powerless(person, found.barred);
      return evaluate(roster, { person, listed, ...found });
    },
    byTerminal: async (user) => {
      const found = await askSlackOf(access(), findListed(access(), "cli", user), slack);
      const listed = findListed(access(), "cli", user);
      return evaluate(access(), { person: personOf(listed, "cli", user), listed, ...found });
    },
    byIdToken: async (token) => {
      const { sub, subject, hasClaim } = await verifier(oidcOf(access())).verify(token);
      const found = await askSlackOf(access(), findBySubject(access(), subject), slack);
      const listed = findBySubject(access(), subject);
      const person = listed === undefined ? { id: `oidc:${sub}`, name: subject } : personOf(listed, "oidc", sub);
      return evaluate(access(), { person, listed, ...found, hasClaim });
    },
    slackIds: async (wanted) => await slackIds(access(), wanted, slack),
    personId: (memberId) => personOf(findListed(access(), "slack", memberId), "slack", memberId).id,
    memberOf: (id) => memberOf(access(), id),
    forgetSlack: () => slack?.forgetMembers(),
  };
}

function memberOf({ people }: Roster, id: string): string | undefined {
  const listed = people.find(({ name }) => name === id)?.slack;
  if (listed !== undefined) return listed === NOBODY ? undefined : listed;
  return id.startsWith("slack:") ? id.slice("slack:".length) : undefined;
}

function personOf(listed: ListedPerson | undefined, surface: Surface, id: string): Person {
  return listed === undefined ? { id: `${surface}:${id}`, name: id } : { id: listed.name, name: listed.name };
}

/** The id stays beside a name that its owner chose: anybody may call themselves alice. */
function named({ id, name }: Person, chosen: string | undefined): Person {
  return { id, name: chosen === undefined ? name : `${chosen} (${name})` };
}

function powerless(person: Person, why: string): Actor {
  return { ...person, role: undefined, groups: [], standing: { source: undefined, untold: [why] } };
}

/** E-mail addresses are the only names that mean the same in capitals. */
function findBySubject(access: Access, subject: string): ListedPerson | undefined {
  if (access.oidc?.subjectClaim !== "email") return findListed(access, "oidc", subject);
  const people = access.people.map((person) => ({ ...person, oidc: person.oidc?.toLowerCase() }));
  return findListed({ ...access, people }, "oidc", subject);
}

function oidcOf({ oidc }: Access): Oidc {
  if (oidc !== undefined) return oidc;
  const message =
    "cannot tell who you are by an ID token: no issuer is configured; write it under access.oidc, or leave the token away";
  throw new FailureError({ reason: "refused", retryable: false, message });
}

/** Keeps a verifier, with the issuer's keys, until the configuration says something else. */
function lastOf(make: (oidc: Oidc) => IdTokens): (oidc: Oidc) => IdTokens {
  let last: { readonly settings: string; readonly made: IdTokens } | undefined;
  return (oidc) => {
    const settings = JSON.stringify(oidc);
    if (last?.settings !== settings) last = { settings, made: make(oidc) };
    return last.made;
  };
}

async function slackIds(
  roster: Roster,
  wanted: Wanted,
  slack: FreshSlackDirectory | undefined,
): Promise<readonly string[]> {
  const members: Members = slack === undefined ? new Map() : await readMembers(roster, slack);
  const listed = roster.people.flatMap(({ slack: id }) => (id === undefined || id === NOBODY ? [] : [id]));
  const others = strangersMayBelong(roster)
    ? [...members.values()].flatMap((list) => (list.told ? [...list.value] : []))
    : [];
  return [...new Set([...listed, ...others])].filter((memberId) => {
    const found = findListed(roster, "slack", memberId);
    const person = personOf(found, "slack", memberId);
    const inSlackGroup = (userGroup: string): Told<boolean> => isMember(members, userGroup, memberId);
    const { role, groups } = evaluate(roster, { person, listed: found, inSlackGroup });
    return "role" in wanted ? covers(role, wanted.role) : groups.includes(wanted.group);
  });
}
