import { describe, expect, it } from "@jest/globals";
import { slackApprovers } from "../../src/app/slack-approvers.ts";
import { openPeopleWorld } from "./directory-of-people.ts";

const { people } = openPeopleWorld({
  people: [
    { name: "alice", role: "responder", slack: "U0ALICE", groups: ["dba"] },
    { name: "bob", role: "approver", slack: "U0BOB", groups: ["dba"] },
    { name: "carol", role: "admin", slack: "U0CAROL", groups: ["security"] },
    { name: "dave", role: "approver", slack: "U0DAVE" },
  ],
  groups: [{ name: "dba" }, { name: "security" }],
});

describe("slackApprovers", () => {
  it.each([
    { name: "everybody with the role where any will do", groups: [], ids: ["bob", "carol", "dave"] },
    { name: "those of the group that is wanted, with the role", groups: ["dba"], ids: ["bob"] },
    { name: "those of any of the groups", groups: ["dba", "security"], ids: ["bob", "carol"] },
    { name: "nobody where nobody is of the group", groups: ["night"], ids: [] },
  ])("finds $name", async ({ groups, ids }) => {
    const found = await slackApprovers(people, { groups });
    expect(found).toEqual(ids.map((id) => ({ slackId: `U0${id.toUpperCase()}`, personId: id })));
  });
});
