import { isProtectedAddress } from "../access/issuer-address.ts";
import { covers, NOBODY } from "../access/person.ts";
import { openSources, strangersMayBelong, SURFACES } from "../access/roster.ts";
import type { DocumentPath } from "../document/positions.ts";
import { suggestion } from "../lib/nearest.ts";
import type { ConfigProblem } from "./problem.ts";
import type { Config } from "./schema.ts";
import type { Access, GroupEntry, PersonEntry } from "./sections/access.ts";

/** Refuses access that nobody can have, and people who could come under two ids and have two votes. */
export function checkAccess(config: Config): readonly ConfigProblem[] {
  const { access } = config;
  return [
    ...access.people.flatMap((person, index) => checkPerson(person, ["access", "people", index], access)),
    ...access.groups.flatMap((group, index) => checkGroup(group, ["access", "groups", index], config)),
    ...checkBreakGlass(access),
    ...checkIssuer(access),
  ];
}

function checkPerson(person: PersonEntry, path: DocumentPath, access: Access): readonly ConfigProblem[] {
  const { name, oidc, groups } = person;
  const surface = SURFACES.find((prefix) => name.startsWith(`${prefix}:`));
  return [
    ...groups.flatMap((group, at) => unknownName("group", group, [...path, "groups", at], access.groups)),
    ...(mayHoldARole(person, access)
      ? []
      : [problem([...path, "name"], "no-role", `"${name}" can never have a role: give \`role\`, or a group`)]),
    ...(oidc === undefined || oidc === NOBODY || access.oidc !== undefined
      ? []
      : [problem([...path, "oidc"], "no-issuer", "nobody says whose ID tokens these are: write `access.oidc`")]),
    ...(surface === undefined
      ? []
      : [problem([...path, "name"], "reserved-name", `"${surface}:" begins the ids of people who are not listed`)]),
    ...checkIds(person, path, access),
  ];
}

/** Where people who are not listed belong to groups by one surface, every listed human must be known there: they could be one of those. */
function checkIds(person: PersonEntry, path: DocumentPath, access: Access): readonly ConfigProblem[] {
  const key = openSources(access).slack ? "slack" : "oidc";
  const isElsewhere = SURFACES.some((surface) => surface !== key && person[surface] !== undefined);
  if (!strangersMayBelong(access) || person[key] !== undefined || !isElsewhere) return [];
  const source = key === "slack" ? "a Slack user group" : "a claim of ID tokens";
  const why = `${source} makes people members who are not listed, and "${person.name}" could be one of them under a second id, with a second vote`;
  return [problem([...path, "name"], "two-ids", `${why}: give \`${key}\`, or \`${key}: ${NOBODY}\``)];
}

function mayHoldARole({ name, role, slack, oidc, groups: own }: PersonEntry, { groups }: Access): boolean {
  if (role !== undefined) return true;
  return groups.some(
    (group) =>
      own.includes(group.name) ||
      group.people.includes(name) ||
      (group.slackUserGroup !== undefined && slack !== undefined) ||
      (group.claim !== undefined && oidc !== undefined),
  );
}

function checkGroup(group: GroupEntry, path: DocumentPath, { access, slack }: Config): readonly ConfigProblem[] {
  const { slackUserGroup, claim, people, name } = group;
  const listed = people.length > 0 || access.people.some(({ groups }) => groups.includes(name));
  const isEmpty = !listed && slackUserGroup === undefined && claim === undefined;
  return [
    ...people.flatMap((person, at) => unknownName("person", person, [...path, "people", at], access.people)),
    ...(isEmpty
      ? [problem(path, "empty-group", "nobody can be in this group: give `people`, `slackUserGroup` or `claim`")]
      : []),
    ...(slackUserGroup !== undefined && slack === undefined
      ? [problem([...path, "slackUserGroup"], "no-slack", "no Slack is configured that could tell who is in it")]
      : []),
    ...(claim !== undefined && access.oidc === undefined
      ? [problem([...path, "claim"], "no-issuer", "nobody says whose ID tokens these are: write `access.oidc`")]
      : []),
  ];
}

function checkBreakGlass({ breakGlass, people, groups }: Access): readonly ConfigProblem[] {
  const { enabled, role } = breakGlass;
  if (!enabled || [...people, ...groups].some((held) => covers(held.role, role))) return [];
  return [problem(["access", "breakGlass"], "no-role", `nobody can have the role ${role}: give it to someone`)];
}

function checkIssuer({ oidc }: Access): readonly ConfigProblem[] {
  if (oidc === undefined || isProtectedAddress(oidc.issuer)) return [];
  const why = "whoever is on the way could sign for anybody: https is needed, but on loopback";
  return [problem(["access", "oidc", "issuer"], "unprotected-issuer", why)];
}

function unknownName(
  what: string,
  name: string,
  path: DocumentPath,
  known: readonly { readonly name: string }[],
): readonly ConfigProblem[] {
  const names = known.map((entry) => entry.name);
  if (names.includes(name)) return [];
  return [problem(path, "unknown-name", `there is no ${what} "${name}"${suggestion(name, names)}`)];
}

function problem(path: DocumentPath, rule: string, message: string): ConfigProblem {
  return { path, rule, severity: "error", message };
}
