import { describe, expect, it } from "@jest/globals";
import type { SlackDirectory } from "../../src/access/slack-directory.ts";
import { Secret } from "../../src/lib/secret.ts";
import type { Fault } from "../../src/sandbox/slack/faults.ts";
import { startSlackStandIn, type SlackStandIn, type SlackStandInOptions } from "../../src/sandbox/slack/stand-in.ts";
import type { StandInUser } from "../../src/sandbox/slack/workspace.ts";
import { createSlackDirectory } from "../../src/slack/user-groups.ts";
import { recordingLogger } from "../app/recording-logger.ts";

const TOKEN = "xoxb-000000000000-made-up-canary";

type World = AsyncDisposable & {
  readonly slack: SlackStandIn;
  readonly directory: SlackDirectory;
  readonly logs: ReturnType<typeof recordingLogger>["entries"];
};

async function open(parts: Partial<SlackStandInOptions> = {}, timeoutMs?: number): Promise<World> {
  const slack = await startSlackStandIn({
    botToken: TOKEN,
    appToken: "xapp-made-up",
    users: [{ id: "U0ALICE", name: "alice" }],
    userGroups: [
      { id: "S0OTHER1", handle: "dba", users: ["U0EVE"], external: true },
      { id: "S0DBA111", handle: "dba", users: ["U0ALICE", "U0BOB"] },
    ],
    channel: { id: "C1", name: "ops" },
    clock: { now: () => Date.now() },
    ...parts,
  });
  const { logger, entries } = recordingLogger();
  const directory = createSlackDirectory({
    botToken: new Secret(TOKEN),
    apiUrl: slack.apiUrl,
    logger,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return { slack, directory, logs: entries, [Symbol.asyncDispose]: async () => await slack[Symbol.asyncDispose]() };
}

describe("createSlackDirectory", () => {
  it.each([
    { name: "by id", userGroup: "S0DBA111" },
    { name: "by handle, never another company's of the same", userGroup: "dba" },
    { name: "by handle as people write it", userGroup: "@dba" },
  ])("reads the members of a user group $name", async ({ userGroup }) => {
    await using world = await open();
    expect(await world.directory.members(userGroup)).toEqual(["U0ALICE", "U0BOB"]);
  });

  const ours = "E0OURS";
  it.each<{ name: string; user: Omit<StandInUser, "id" | "name">; enterpriseId?: string; kind: string }>([
    { name: "one of us", user: {}, kind: "member" },
    { name: "a guest", user: { account: "guest" }, kind: "guest" },
    { name: "someone deactivated", user: { account: "deactivated" }, kind: "deactivated" },
    { name: "a bot", user: { account: "bot" }, kind: "bot" },
    { name: "a stranger", user: { account: "stranger" }, kind: "stranger" },
    { name: "a visitor in a shared channel", user: { teamId: "T0OTHER" }, kind: "stranger" },
    {
      name: "a visitor of another organisation",
      user: { teamId: "T0OTHER", enterpriseId: "E0OTHER" },
      enterpriseId: ours,
      kind: "stranger",
    },
    {
      name: "a visitor where neither workspace tells of an organisation",
      user: { teamId: "T0OTHER" },
      enterpriseId: ours,
      kind: "stranger",
    },
    {
      name: "someone of another workspace of our organisation",
      user: { teamId: "T0SISTER", enterpriseId: ours },
      enterpriseId: ours,
      kind: "member",
    },
    {
      name: "a deactivated visitor",
      user: { teamId: "T0OTHER", account: "deactivated" },
      kind: "stranger",
    },
  ])("calls $name a $kind", async ({ user, enterpriseId, kind }) => {
    await using world = await open({
      users: [{ id: "U0BOB", name: "bob", ...user }],
      ...(enterpriseId === undefined ? {} : { enterpriseId }),
    });
    expect(await world.directory.account("U0BOB")).toEqual({ kind, name: "bob" });
  });

  it.each([
    { name: "as people wrote it", wrote: "Bob B.", shown: "Bob B." },
    { name: "without what moves a cursor or turns the text", wrote: "bob\u001B[2J\u202Ea", shown: "bob [2J a" },
    { name: "in at most sixty characters", wrote: "é".repeat(4000), shown: "é".repeat(60) },
  ])("gives the name $name", async ({ wrote, shown }) => {
    await using world = await open({ users: [{ id: "U0BOB", name: wrote }] });
    expect((await world.directory.account("U0BOB")).name).toBe(shown);
  });

  it("asks who we are once, and again only until there is an answer", async () => {
    await using world = await open();
    world.slack.failNext("auth.test", { status: 500 });
    await expect(world.directory.account("U0ALICE")).rejects.toMatchObject({ reason: "unreachable" });
    await world.directory.account("U0ALICE");
    await world.directory.account("U0ALICE");
    expect(world.slack.payloads().filter(({ via }) => via === "auth.test")).toHaveLength(2);
  });

  type Failing = { name: string; fault: Fault; reason: string; retryable: boolean; says: string };
  it.each<Failing>([
    {
      name: "a missing scope",
      fault: { error: "missing_scope" },
      reason: "denied",
      retryable: false,
      says: "the app lacks the scope usergroups:read; add it and install the app again",
    },
    {
      name: "a revoked token",
      fault: { error: "token_revoked" },
      reason: "denied",
      retryable: false,
      says: "Slack refuses (token_revoked)",
    },
    {
      name: "a group that is gone",
      fault: { error: "no_such_subteam" },
      reason: "not-found",
      retryable: false,
      says: "Slack knows no such one (no_such_subteam)",
    },
    {
      name: "too many calls",
      fault: { status: 429, retryAfter: 30 },
      reason: "rate-limited",
      retryable: true,
      says: "it was asked too often; ask again later",
    },
    { name: "an outage", fault: { status: 503 }, reason: "unreachable", retryable: true, says: "HTTP 503" },
    { name: "a broken connection", fault: "drop-after-effect", reason: "unreachable", retryable: true, says: "" },
    { name: "silence", fault: "silent", reason: "unreachable", retryable: true, says: "" },
  ])("throws and asks no second time after $name", async ({ fault, reason, retryable, says }) => {
    await using world = await open({}, fault === "silent" ? 100 : 20_000);
    world.slack.failNext("usergroups.users.list", fault);
    const failing = world.directory.members("S0DBA111");
    await expect(failing).rejects.toMatchObject({ name: "FailureError", reason, retryable });
    await expect(failing).rejects.toThrow("cannot read the members of user group S0DBA111 from Slack: ");
    await expect(failing).rejects.toThrow(says);
    expect(world.slack.payloads()).toHaveLength(1);
  });

  it("names the other scope where an account is refused", async () => {
    await using world = await open();
    world.slack.failNext("users.info", { error: "missing_scope" });
    await expect(world.directory.account("U0ALICE")).rejects.toThrow("the app lacks the scope users:read");
  });

  it("says that a handle is nobody's", async () => {
    await using world = await open();
    await expect(world.directory.members("@ops")).rejects.toMatchObject({
      reason: "not-found",
      message: "cannot read the members of user group @ops from Slack: Slack has no user group @ops",
    });
  });

  it("says that an account is nobody's", async () => {
    await using world = await open();
    await expect(world.directory.account("U0EVE")).rejects.toMatchObject({ reason: "not-found" });
  });

  it.each(["plan_upgrade_required", "paid_teams_only", "paid_only"])(
    "says once in the log that the plan has no user groups (%s)",
    async (error) => {
      await using world = await open();
      for (let call = 0; call < 3; call++) {
        world.slack.failNext("usergroups.users.list", { error });
        await expect(world.directory.members("S0DBA111")).rejects.toMatchObject({
          reason: "refused",
          message:
            "cannot read the members of user group S0DBA111 from Slack: the workspace's plan has no user groups; list people under access.people",
        });
      }
      expect(world.logs).toEqual([
        ["warn", "this slack workspace's plan has no user groups; only people who are listed hold roles", {}],
      ]);
    },
  );

  it("holds to Slack's rate and tells nobody the token", async () => {
    await using world = await open();
    const failures: string[] = [];
    for (let call = 0; call < 21; call++)
      await world.directory.members("S0DBA111").catch((error: unknown) => failures.push(String(error)));
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("it was asked too often");
    expect(`${failures.join("")}${JSON.stringify(world.logs)}`).not.toContain(TOKEN);
  });
});
