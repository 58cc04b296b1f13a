import { describe, expect, it } from "@jest/globals";
import { evaluate, type Evidence, type Told } from "../../src/access/evaluate.ts";
import type { ListedGroup, ListedPerson, Roster } from "../../src/access/roster.ts";

const person = { id: "alice", name: "alice" };
const alice: ListedPerson = { name: "alice", slack: "U0ALICE", groups: [] };
const inside = (): Told<boolean> => ({ told: true, value: true });
const outside = (): Told<boolean> => ({ told: true, value: false });
const silent = (): Told<boolean> => ({ told: false, why: "could not be read from Slack since noon" });

const group = (parts: Partial<ListedGroup>): ListedGroup => ({ name: "dba", people: [], ...parts });
const fromSlack = group({ name: "dba", role: "approver", slackUserGroup: "S0DBA0" });
const fromToken = group({ name: "ops", role: "admin", claim: { value: "vault-ops" } });

type Row = {
  readonly name: string;
  readonly groups: readonly ListedGroup[];
  readonly evidence: Partial<Evidence>;
  readonly role: string | undefined;
  readonly in: readonly string[];
  readonly source?: string;
  readonly untold?: readonly string[];
};

const rows: readonly Row[] = [
  { name: "nothing for nobody", groups: [], evidence: {}, role: undefined, in: [] },
  {
    name: "the role of the list",
    groups: [],
    evidence: { listed: { ...alice, role: "viewer" } },
    role: "viewer",
    in: [],
    source: "access.people",
  },
  {
    name: "a group's role, by the person's own entry",
    groups: [group({ role: "responder" })],
    evidence: { listed: { ...alice, groups: ["dba"] } },
    role: "responder",
    in: ["dba"],
    source: "group dba (the configuration)",
  },
  {
    name: "a group's role, by the group's entry",
    groups: [group({ role: "responder", people: ["alice"] })],
    evidence: { listed: alice },
    role: "responder",
    in: ["dba"],
    source: "group dba (the configuration)",
  },
  {
    name: "no membership to a stranger who only has a listed name",
    groups: [group({ role: "responder", people: ["alice"] })],
    evidence: { listed: undefined },
    role: undefined,
    in: [],
  },
  {
    name: "the strongest of own and groups' roles",
    groups: [fromSlack, group({ name: "night", role: "responder", people: ["alice"] })],
    evidence: { listed: { ...alice, role: "viewer" }, inSlackGroup: inside },
    role: "approver",
    in: ["dba", "night"],
    source: "group dba (Slack user group S0DBA0)",
  },
  {
    name: "the own role where a group's is weaker",
    groups: [fromSlack],
    evidence: { listed: { ...alice, role: "admin" }, inSlackGroup: inside },
    role: "admin",
    in: ["dba"],
    source: "access.people",
  },
  {
    name: "membership without a role",
    groups: [group({ slackUserGroup: "S0DBA0" })],
    evidence: { listed: { ...alice, role: "approver" }, inSlackGroup: inside },
    role: "approver",
    in: ["dba"],
    source: "access.people",
  },
  {
    name: "nothing to whom Slack does not name",
    groups: [fromSlack],
    evidence: { inSlackGroup: outside },
    role: undefined,
    in: [],
  },
  {
    name: "a Slack group's role to people who are not listed",
    groups: [fromSlack],
    evidence: { inSlackGroup: inside },
    role: "approver",
    in: ["dba"],
    source: "group dba (Slack user group S0DBA0)",
  },
  {
    name: "only the own role while Slack is silent, and says so",
    groups: [fromSlack],
    evidence: { listed: { ...alice, role: "viewer" }, inSlackGroup: silent },
    role: "viewer",
    in: [],
    source: "access.people",
    untold: ["whether they are in group dba could not be read from Slack since noon"],
  },
  {
    name: "a listed membership while Slack is silent, without asking for more",
    groups: [{ ...fromSlack, people: ["alice"] }],
    evidence: { listed: alice, inSlackGroup: silent },
    role: "approver",
    in: ["dba"],
    source: "group dba (the configuration)",
  },
  {
    name: "a claim's role to people who are not listed",
    groups: [fromToken],
    evidence: { hasClaim: ({ value }) => value === "vault-ops" },
    role: "admin",
    in: ["ops"],
    source: "group ops (the ID token)",
  },
  {
    name: "nothing for another claim",
    groups: [fromToken],
    evidence: { hasClaim: ({ value }) => value === "vault" },
    role: undefined,
    in: [],
  },
  {
    name: "nothing to people who are not listed where they could come under two ids",
    groups: [fromSlack, fromToken],
    evidence: { inSlackGroup: inside },
    role: undefined,
    in: [],
    untold: [
      "groups get members both from Slack and from ID tokens here, so only people listed under access.people with both ids belong to them: one human, one vote",
    ],
  },
  {
    name: "everything to a listed human with both",
    groups: [fromSlack, fromToken],
    evidence: { listed: alice, inSlackGroup: inside, hasClaim: () => true },
    role: "admin",
    in: ["dba", "ops"],
    source: "group ops (the ID token)",
  },
  {
    name: "what else is to be said first",
    groups: [fromSlack],
    evidence: { notes: ["Slack says that this account is a bot's"], inSlackGroup: silent },
    role: undefined,
    in: [],
    untold: [
      "Slack says that this account is a bot's",
      "whether they are in group dba could not be read from Slack since noon",
    ],
  },
];

describe("evaluate", () => {
  it.each(rows)("gives $name", ({ groups, evidence, role, in: held, source, untold = [] }) => {
    const roster: Roster = { people: [], groups };
    expect(evaluate(roster, { person, listed: undefined, ...evidence })).toEqual({
      ...person,
      role,
      groups: held,
      standing: { source, untold },
    });
  });
});
