import { describe, expect, it } from "@jest/globals";
import type { RunRequest } from "../../src/runner/ports.ts";
import { createPeople, type People } from "../../src/app/people.ts";
import { slackApprovers } from "../../src/app/slack-approvers.ts";
import { Access } from "../../src/config/sections/access.ts";
import { createFreshSlackDirectory } from "../../src/identity/fresh-slack-directory.ts";
import { Secret } from "../../src/lib/secret.ts";
import { startSlackStandIn, type SlackStandIn, type SlackStandInOptions } from "../../src/sandbox/slack/stand-in.ts";
import { ACTIONS } from "../../src/slack/ids.ts";
import { createSlackDirectory } from "../../src/slack/user-groups.ts";
import { gateOpened, started } from "../slack/timeline.ts";
import { BOT_TOKEN, byKey, CHANNEL, openWorld, textOf } from "../slack/world.ts";
import { recordingLogger } from "./recording-logger.ts";

/*
 * People as the program makes them, over a Slack on a real socket. Only the clock is the tests'.
 */

const access = Access.parse({
  people: [{ name: "alice", role: "responder", slack: "U0ALICE" }],
  groups: [{ name: "dba", role: "approver", slackUserGroup: "@dba" }],
});
const dba = (...users: readonly string[]) => ({ id: "S0DBA111", handle: "dba", users });

function peopleOver(slack: Pick<SlackStandIn, "apiUrl">) {
  let now = Date.UTC(2026, 10, 22, 12);
  const clock = { now: () => now };
  const { logger, entries } = recordingLogger();
  const directory = createSlackDirectory({ botToken: new Secret(BOT_TOKEN), apiUrl: slack.apiUrl, logger });
  const people = createPeople({
    access: () => access,
    slack: createFreshSlackDirectory({ directory, clock, steady: clock, logger }),
    idTokens: () => {
      throw new Error("nobody shows a token here");
    },
  });
  return { people, logs: entries, pass: (milliseconds: number) => void (now += milliseconds) };
}

async function open(parts: Partial<SlackStandInOptions> = {}) {
  const slack = await startSlackStandIn({
    botToken: BOT_TOKEN,
    appToken: "xapp-made-up",
    users: [
      { id: "U0ALICE", name: "alice" },
      { id: "U0DAVE", name: "dave" },
    ],
    userGroups: [dba("U0DAVE")],
    channel: { id: CHANNEL, name: "incidents" },
    clock: { now: () => Date.now() },
    ...parts,
  });
  const close = async (): Promise<void> => await slack[Symbol.asyncDispose]();
  return { slack, ...peopleOver(slack), [Symbol.asyncDispose]: close };
}

describe("people over Slack", () => {
  it("lose a role within a minute after they left the user group", async () => {
    await using world = await open();
    expect(await world.people.bySlack("U0DAVE")).toMatchObject({ role: "approver", groups: ["dba"] });
    world.slack.setUserGroup(dba());
    world.pass(60_000);
    expect(await world.people.bySlack("U0DAVE")).toMatchObject({ role: undefined, groups: [] });
  });

  it("lose it within a minute after their account was deactivated", async () => {
    await using world = await open();
    expect((await world.people.bySlack("U0DAVE")).role).toBe("approver");
    world.slack.changeUser("U0DAVE", { account: "deactivated" });
    world.pass(60_000);
    expect((await world.people.bySlack("U0DAVE")).role).toBeUndefined();
  });

  it("lose it a minute after Slack began to refuse, and have it for that minute", async () => {
    await using world = await open();
    await world.people.bySlack("U0DAVE");
    const refuse = (): void => {
      for (const method of ["usergroups.list", "users.info"])
        world.slack.failNext(method, { status: 429, retryAfter: 60 });
    };
    world.pass(60_000);
    refuse();
    expect((await world.people.bySlack("U0DAVE")).role).toBe("approver");
    world.pass(5001);
    refuse();
    const dave = await world.people.bySlack("U0DAVE");
    expect(dave.role).toBeUndefined();
    expect(dave.standing?.untold).toEqual([
      "whether they are in group dba could not be read from Slack since 2026-11-22 12:01:00 UTC (rate-limited)",
    ]);
    world.pass(5001);
    expect((await world.people.bySlack("U0DAVE")).role).toBe("approver");
  });

  it("are those that are listed on a plan without user groups, and the log says so once", async () => {
    await using world = await open({ plan: "free" });
    for (let click = 0; click < 3; click++) {
      expect((await world.people.bySlack("U0ALICE")).role).toBe("responder");
      expect((await world.people.bySlack("U0DAVE")).role).toBeUndefined();
      world.pass(6000);
    }
    expect(world.logs.map(([, message]) => message)).toEqual([
      "this slack workspace's plan has no user groups; only people who are listed hold roles",
      "cannot read from slack who may do what; what only slack gives is not given",
    ]);
  });

  it("are asked for in few calls: many clicks in half a minute take four", async () => {
    await using world = await open();
    await Promise.all(Array.from({ length: 50 }, async () => await world.people.bySlack("U0DAVE")));
    for (let click = 0; click < 50; click++) await world.people.bySlack("U0DAVE");
    const calls = world.slack.payloads().map(({ via }) => via);
    expect(calls.sort()).toEqual(["auth.test", "usergroups.list", "usergroups.users.list", "users.info"]);
  });
});

describe("a gate in Slack", () => {
  it("mentions the user group's members, and judges each click by the role of its moment", async () => {
    const held: { people?: People } = {};
    const people = (): People => {
      if (held.people === undefined) throw new Error("nobody is known yet");
      return held.people;
    };
    await using world = await openWorld({
      identify: async (slackId) => await people().bySlack(slackId),
      approvers: async () => await slackApprovers(people(), { groups: [] }),
    });
    world.slack.setUserGroup(dba("U0DAVE"));
    const { people: made, pass } = peopleOver(world.slack);
    held.people = made;
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.bot.idle();
    const gate = world.slack.messages().find(byKey("run:R1/gate:step_down.1"));
    expect(textOf(gate)).toContain("<@U0DAVE>");
    expect(textOf(gate)).not.toContain("<@U0ALICE>");

    await world.slack.as("U0DAVE").click(gate ?? "", ACTIONS.approve);
    await world.bot.idle();
    world.slack.setUserGroup(dba());
    pass(30_001);
    await world.slack.as("U0DAVE").click(gate ?? "", ACTIONS.approve);
    await world.bot.idle();
    const roles = world.runs.asked.map(({ by }: RunRequest) => [by.id, by.role, by.groups]);
    expect(roles).toEqual([
      ["slack:U0DAVE", "approver", ["dba"]],
      ["slack:U0DAVE", undefined, []],
    ]);
  });
});
