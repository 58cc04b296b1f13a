import { covers, type Actor, type Role } from "../access/person.ts";
import type { PersonEntry } from "../config/schema.ts";

/** People maps who someone is on a surface to the one person they are, with the role they hold now. */
export type People = {
  readonly bySlack: (memberId: string) => Actor;
  readonly byTerminal: (user: string) => Actor;
  /** Slack member ids of everybody who is listed with at least this role. */
  readonly slackIds: (role: Role) => readonly string[];
};

/** Creates the directory of people. Someone who is not listed is known by their id on the surface and has no role. */
export function createPeople(entries: () => readonly PersonEntry[]): People {
  const find = (surface: "slack" | "cli", id: string): Actor => {
    const entry = entries().find((candidate) => candidate[surface] === id);
    if (entry === undefined) return { id: `${surface}:${id}`, name: id, role: undefined };
    return { id: entry.name, name: entry.name, role: entry.role };
  };
  return {
    bySlack: (id) => find("slack", id),
    byTerminal: (user) => find("cli", user),
    slackIds: (role) => entries().flatMap((entry) => (covers(entry.role, role) ? (entry.slack ?? []) : [])),
  };
}
