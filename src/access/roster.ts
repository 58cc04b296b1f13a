import { NOBODY, type Role } from "./person.ts";

/** A listed human with all their names. */
export type ListedPerson = {
  readonly name: string;
  readonly role?: Role | undefined;
  readonly slack?: string | undefined;
  readonly cli?: string | undefined;
  readonly oidc?: string | undefined;
  readonly groups: readonly string[];
};

/** A claim of an ID token that makes somebody a member; without a name it is the configured claim of groups. */
export type GroupClaim = { readonly name?: string | undefined; readonly value: string };

/** A group, and where its members come from. */
export type ListedGroup = {
  readonly name: string;
  readonly role?: Role | undefined;
  readonly slackUserGroup?: string | undefined;
  readonly people: readonly string[];
  readonly claim?: GroupClaim | undefined;
};

/** Roster is who is listed and which groups there are: the `access` section of the configuration. */
export type Roster = { readonly people: readonly ListedPerson[]; readonly groups: readonly ListedGroup[] };

/** A place where people have a name of their own. */
export type Surface = "slack" | "cli" | "oidc";

/** Ids of people who are not listed begin with their surface, so no listed name may. */
export const SURFACES: readonly Surface[] = ["slack", "cli", "oidc"];

/** Finds the human who has a name on a surface. */
export function findListed({ people }: Roster, surface: Surface, id: string): ListedPerson | undefined {
  if (id === NOBODY && surface !== "cli") return undefined;
  return people.find((person) => person[surface] === id);
}

/** Says by which source outside the configuration people may be members of groups without being listed. */
export function openSources({ groups }: Roster): { readonly slack: boolean; readonly oidc: boolean } {
  return {
    slack: groups.some(({ slackUserGroup }) => slackUserGroup !== undefined),
    oidc: groups.some(({ claim }) => claim !== undefined),
  };
}

/**
 * Says whether people who are not listed can be members at all. Where both Slack and ID tokens make members, one human could come by both
 * under two ids and have two votes; then only listed people, of whom all ids are known, are members.
 */
export function strangersMayBelong(roster: Roster): boolean {
  const { slack, oidc } = openSources(roster);
  return slack !== oidc;
}
