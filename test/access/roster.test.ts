import { describe, expect, it } from "@jest/globals";
import { findListed, strangersMayBelong, type ListedGroup, type Roster } from "../../src/access/roster.ts";

const group = (parts: Partial<ListedGroup>): ListedGroup => ({ name: "dba", people: [], ...parts });
const withGroups = (...groups: readonly ListedGroup[]): Roster => ({ people: [], groups });

describe("findListed", () => {
  const roster: Roster = {
    people: [
      { name: "alice", slack: "U0ALICE", cli: "alice", oidc: "sub-alice", groups: [] },
      { name: "bob", slack: "none", cli: "none", oidc: "none", groups: [] },
    ],
    groups: [],
  };

  it.each([
    { name: "by a Slack account", surface: "slack", id: "U0ALICE", found: "alice" },
    { name: "by a user of the terminal", surface: "cli", id: "alice", found: "alice" },
    { name: "by an ID token", surface: "oidc", id: "sub-alice", found: "alice" },
    { name: "not by the name of another surface", surface: "slack", id: "alice", found: undefined },
    { name: "not by another spelling", surface: "oidc", id: "Sub-Alice", found: undefined },
    { name: "not by the word for no account", surface: "slack", id: "none", found: undefined },
    { name: "not by the word for no token", surface: "oidc", id: "none", found: undefined },
    { name: "by a terminal's user who is called so", surface: "cli", id: "none", found: "bob" },
  ] as const)("finds a human $name", ({ surface, id, found }) => {
    expect(findListed(roster, surface, id)?.name).toBe(found);
  });
});

describe("strangersMayBelong", () => {
  const slack = group({ name: "a", slackUserGroup: "S0AAAAA" });
  const token = group({ name: "b", claim: { value: "b" } });

  it.each([
    { name: "no groups", roster: withGroups(), may: false },
    { name: "listed members only", roster: withGroups(group({ people: ["alice"] })), may: false },
    { name: "members from Slack", roster: withGroups(slack, group({})), may: true },
    { name: "members from ID tokens", roster: withGroups(token), may: true },
    { name: "members from both, by two groups", roster: withGroups(slack, token), may: false },
    { name: "members from both, by one group", roster: withGroups({ ...slack, claim: { value: "a" } }), may: false },
  ])("is $may with $name", ({ roster, may }) => {
    expect(strangersMayBelong(roster)).toBe(may);
  });
});
