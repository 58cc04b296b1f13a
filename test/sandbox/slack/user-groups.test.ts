import { describe, expect, it } from "@jest/globals";
import { startSlackStandIn, type SlackStandIn, type SlackStandInOptions } from "../../../src/sandbox/slack/stand-in.ts";

const TOKEN = "xoxb-made-up";

async function open(parts: Partial<SlackStandInOptions> = {}): Promise<SlackStandIn> {
  return await startSlackStandIn({
    botToken: TOKEN,
    appToken: "xapp-made-up",
    users: [
      { id: "U1", name: "alice" },
      { id: "U2", name: "bob", account: "deactivated" },
      { id: "U3", name: "visitor", account: "stranger", teamId: "T0OTHER", enterpriseId: "E0OTHER" },
    ],
    userGroups: [
      { id: "S0DBA", handle: "dba", users: ["U1", "U2"] },
      { id: "S0OLD", handle: "old", users: ["U1"], disabled: true },
    ],
    channel: { id: "C1", name: "ops" },
    clock: { now: () => 1_000_000 },
    ...parts,
  });
}

async function call(slack: SlackStandIn, method: string, args: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}` },
    body: new URLSearchParams(args),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

describe("the stand-in's user groups", () => {
  it("list their members, whatever became of those", async () => {
    await using slack = await open();
    expect(await call(slack, "usergroups.users.list", { usergroup: "S0DBA" })).toEqual({
      status: 200,
      ok: true,
      users: ["U1", "U2"],
    });
  });

  it("are listed without those that are disabled, unless these are wanted", async () => {
    await using slack = await open();
    const ids = async (args: Record<string, string>): Promise<readonly string[]> =>
      ((await call(slack, "usergroups.list", args)) as { usergroups: { id: string }[] }).usergroups.map(({ id }) => id);
    expect(await ids({})).toEqual(["S0DBA"]);
    expect(await ids({ include_disabled: "true" })).toEqual(["S0DBA", "S0OLD"]);
  });

  it.each([
    { name: "nobody made", usergroup: "S0NONE", error: "no_such_subteam" },
    { name: "is disabled", usergroup: "S0OLD", error: "no_such_subteam" },
    { name: "has no name", usergroup: "", error: "no_such_subteam" },
  ])("refuse the members of one that $name", async ({ usergroup, error }) => {
    await using slack = await open();
    expect(await call(slack, "usergroups.users.list", { usergroup })).toEqual({ status: 200, ok: false, error });
  });

  it.each(["usergroups.list", "usergroups.users.list"])("come with paid plans only (%s)", async (method) => {
    await using slack = await open({ plan: "free" });
    const error = "plan_upgrade_required";
    expect(await call(slack, method, { usergroup: "S0DBA" })).toEqual({ status: 200, ok: false, error });
  });

  it("may be asked for twenty times a minute", async () => {
    await using slack = await open();
    for (let count = 0; count < 20; count++)
      expect(await call(slack, "usergroups.users.list", { usergroup: "S0DBA" })).toMatchObject({ status: 200 });
    expect(await call(slack, "usergroups.users.list", { usergroup: "S0DBA" })).toMatchObject({ status: 429 });
  });

  it("change as an administrator changes them", async () => {
    await using slack = await open();
    slack.setUserGroup({ id: "S0DBA", handle: "dba", users: [] });
    slack.setUserGroup({ id: "S0NEW", handle: "new", users: ["U1"] });
    expect(await call(slack, "usergroups.users.list", { usergroup: "S0DBA" })).toMatchObject({ users: [] });
    expect(await call(slack, "usergroups.users.list", { usergroup: "S0NEW" })).toMatchObject({ users: ["U1"] });
  });
});

describe("the stand-in's accounts", () => {
  it.each([
    {
      name: "a member",
      user: "U1",
      account: { team_id: "T0STANDIN", deleted: false, is_bot: false, is_restricted: false },
    },
    { name: "someone deactivated", user: "U2", account: { team_id: "T0STANDIN", deleted: true, is_bot: false } },
    {
      name: "a visitor",
      user: "U3",
      account: { team_id: "T0OTHER", is_stranger: true, enterprise_user: { enterprise_id: "E0OTHER" } },
    },
  ])("describe $name as Slack does", async ({ user, account }) => {
    await using slack = await open();
    expect(await call(slack, "users.info", { user })).toMatchObject({ ok: true, user: { id: user, ...account } });
  });

  it("lose what Slack no longer tells of the deactivated", async () => {
    await using slack = await open();
    const { user } = (await call(slack, "users.info", { user: "U2" })) as { user: object };
    expect(user).not.toHaveProperty("is_restricted");
  });

  it("change as an administrator changes them, and only where they are", async () => {
    await using slack = await open();
    slack.changeUser("U1", { account: "bot" });
    expect(await call(slack, "users.info", { user: "U1" })).toMatchObject({ user: { name: "alice", is_bot: true } });
    expect(() => slack.changeUser("U9", {})).toThrow("cannot change U9: no such user in the stand-in");
    expect(await call(slack, "users.info", { user: "U9" })).toMatchObject({ ok: false, error: "user_not_found" });
  });
});
