import { describe, expect, it } from "@jest/globals";
import { createPeople } from "../../src/app/people.ts";
import type { PersonEntry } from "../../src/config/schema.ts";

const entries: PersonEntry[] = [
  { name: "alice", role: "responder", slack: "U0ALICE", cli: "alice-laptop" },
  { name: "bob", role: "approver", slack: "U0BOB" },
  { name: "carol", role: "admin", cli: "carol" },
  { name: "dave", role: "viewer", slack: "U0DAVE" },
];

describe("createPeople", () => {
  const people = createPeople(() => entries);

  it("knows one human by every name they have, so that nobody approves their own run from another surface", () => {
    const alice = { id: "alice", name: "alice", role: "responder" };
    expect(people.bySlack("U0ALICE")).toEqual(alice);
    expect(people.byTerminal("alice-laptop")).toEqual(alice);
  });

  it.each([
    { name: "a Slack member", actor: people.bySlack("U0STRANGER"), id: "slack:U0STRANGER", shown: "U0STRANGER" },
    { name: "a user of the terminal", actor: people.byTerminal("stranger"), id: "cli:stranger", shown: "stranger" },
    { name: "a terminal user with a Slack id", actor: people.byTerminal("U0BOB"), id: "cli:U0BOB", shown: "U0BOB" },
    {
      name: "a Slack member with a terminal's name",
      actor: people.bySlack("carol"),
      id: "slack:carol",
      shown: "carol",
    },
    {
      name: "a terminal user with the name of a listed human",
      actor: people.byTerminal("bob"),
      id: "cli:bob",
      shown: "bob",
    },
  ])("gives no role to $name who is not listed", ({ actor, id, shown }) => {
    expect(actor).toEqual({ id, name: shown, role: undefined });
  });

  it("lists the Slack ids of everybody whose role is enough, and leaves out who has none", () => {
    expect(people.slackIds("viewer")).toEqual(["U0ALICE", "U0BOB", "U0DAVE"]);
    expect(people.slackIds("approver")).toEqual(["U0BOB"]);
  });

  it("goes by the list of this moment: a role that was taken away is gone at the next click", () => {
    let listed = entries;
    const changing = createPeople(() => listed);
    expect(changing.bySlack("U0BOB").role).toBe("approver");
    listed = entries.filter(({ name }) => name !== "bob");
    expect(changing.bySlack("U0BOB").role).toBeUndefined();
  });
});
