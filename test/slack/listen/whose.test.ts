import { describe, expect, it } from "@jest/globals";
import { whose, type Whose } from "../../../src/slack/listen/whose.ts";
import type { Identity } from "../../../src/slack/outgoing.ts";

const ALONE: Identity = { userId: "U0", teamId: "T1", enterpriseId: undefined, botId: "B0" };
const IN_GRID: Identity = { ...ALONE, enterpriseId: "E1" };

type Case = { readonly name: string; readonly body: unknown; readonly self?: Identity; readonly from: Whose };

const cases: readonly Case[] = [
  { name: "a command of ours", body: { team_id: "T1", user_id: "U1" }, from: "ours" },
  { name: "a command of another workspace", body: { team_id: "T2", user_id: "U1" }, from: "foreign" },
  { name: "a click of ours", body: { team: { id: "T1" }, user: { id: "U1", team_id: "T1" } }, from: "ours" },
  {
    name: "a click in another workspace",
    body: { team: { id: "T2" }, user: { id: "U1", team_id: "T2" } },
    from: "foreign",
  },
  {
    name: "a click of a stranger in a shared channel",
    body: { team: { id: "T1" }, user: { id: "U1", team_id: "T2" } },
    from: "foreign",
  },
  {
    name: "a person of ours in another workspace",
    body: { team: { id: "T2" }, user: { id: "U1", team_id: "T1" } },
    from: "foreign",
  },
  { name: "an event of ours", body: { team_id: "T1", event: { user: "U1" } }, from: "ours" },
  { name: "an event of another workspace", body: { team_id: "T2", event: { user: "U1" } }, from: "foreign" },
  {
    name: "another workspace of our organisation",
    body: { team: { id: "T2", enterprise_id: "E1" }, user: { id: "U1", team_id: "T2" }, enterprise: { id: "E1" } },
    self: IN_GRID,
    from: "ours",
  },
  {
    name: "our organisation as a whole",
    body: { team: null, enterprise: { id: "E1" }, user: { id: "U1" } },
    self: IN_GRID,
    from: "ours",
  },
  { name: "a command in our organisation", body: { team_id: "T2", enterprise_id: "E1" }, self: IN_GRID, from: "ours" },
  { name: "another organisation", body: { team_id: "T2", enterprise_id: "E2" }, self: IN_GRID, from: "foreign" },
  { name: "an organisation, where we are in none", body: { team_id: "T2", enterprise_id: "E1" }, from: "foreign" },
  { name: "nobody who says where from", body: { user: { id: "U1" } }, from: "foreign" },
  { name: "nulls", body: { team: null, enterprise: null, user: null }, from: "foreign" },
  { name: "a team that is no text", body: { team_id: 7 }, from: "unknown" },
  { name: "nothing at all", body: null, from: "unknown" },
];

describe("whose people did something", () => {
  it.each(cases)("$name: $from", ({ body, self = ALONE, from }) => {
    expect(whose(body, self)).toBe(from);
  });

  it("cannot be told before we know who we are", () => {
    expect(whose({ team_id: "T1" }, undefined)).toBe("unknown");
  });
});
