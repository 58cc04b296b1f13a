import { describe, expect, it } from "@jest/globals";
import type { Actor } from "../../src/access/person.ts";
import { whyNot } from "../../src/access/why-not.ts";
import { Secret } from "../../src/lib/secret.ts";
import { openPeopleWorld, type PeopleWorld } from "./directory-of-people.ts";

const listed = {
  people: [
    { name: "alice", role: "responder", slack: "U0ALICE", cli: "alice-laptop" },
    { name: "bob", role: "approver", slack: "U0BOB" },
    { name: "carol", role: "admin", cli: "carol" },
    { name: "dave", role: "viewer", slack: "U0DAVE" },
  ],
};

const oidc = { issuer: "https://issuer.example", audience: "sealwatch" };
const dba = { name: "dba", role: "approver", slackUserGroup: "S0DBA" };

const inDba = (world: PeopleWorld, ...members: readonly string[]): void =>
  void world.slack.groups.set("S0DBA", new Set(members));

const standingOf = ({ standing }: Actor): readonly string[] => standing?.untold ?? [];

describe("createPeople with a list", () => {
  const { people } = openPeopleWorld(listed);

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
  ])("gives no role to $name who is not listed", async ({ actor, id, shown }) => {
    expect(await actor).toEqual({
      id,
      name: shown,
      role: undefined,
      groups: [],
      standing: { source: undefined, untold: [] },
    });
  });

  it("lists the Slack ids of everybody whose role is enough, and leaves out who has none", async () => {
    expect(await people.slackIds({ role: "viewer" })).toEqual(["U0ALICE", "U0BOB", "U0DAVE"]);
    expect(await people.slackIds({ role: "approver" })).toEqual(["U0BOB"]);
  });

  it("goes by the list of this moment: a role that was taken away is gone at the next click", async () => {
    const world = openPeopleWorld(listed);
    expect((await world.people.bySlack("U0BOB")).role).toBe("approver");
    world.configure({ people: listed.people.filter(({ name }) => name !== "bob") });
    expect((await world.people.bySlack("U0BOB")).role).toBeUndefined();
  });

  it("asks Slack for nothing, and works without any Slack", async () => {
    const world = openPeopleWorld(listed);
    expect((await world.people.byTerminal("alice-laptop")).role).toBe("responder");
    expect((await world.people.bySlack("U0ALICE")).role).toBe("responder");
    expect(await world.people.slackIds({ role: "approver" })).toEqual(["U0BOB"]);
    expect(world.slack.asked).toEqual([]);
    const without = openPeopleWorld(listed, { hasSlack: false });
    expect((await without.people.bySlack("U0BOB")).role).toBe("approver");
  });

  it("gives listed roles while Slack is silent: only what Slack alone gives depends on it", async () => {
    const world = openPeopleWorld({ ...listed, groups: [dba] });
    world.slack.down = true;
    expect((await world.people.bySlack("U0BOB")).role).toBe("approver");
    expect((await world.people.bySlack("U0ALICE")).role).toBe("responder");
  });
});

describe("one human, one id", () => {
  const access = {
    people: [
      { name: "alice", role: "responder", slack: "U0ALICE", cli: "alice-laptop", oidc: "sub-alice" },
      { name: "bob", slack: "U0BOB", cli: "none", oidc: "sub-bob" },
      { name: "carol", role: "approver", slack: "none", cli: "carol", oidc: "none" },
    ],
    groups: [dba, { name: "ops", role: "admin", claim: { value: "vault-ops" } }],
    oidc,
  };
  const world = openPeopleWorld(access);
  inDba(world, "U0ALICE", "U0BOB", "U0STRANGER");
  const { people } = world;
  const token = (text: string): Secret => new Secret(text);

  it.each([
    { name: "alice in Slack", actor: people.bySlack("U0ALICE"), id: "alice", role: "approver" },
    { name: "alice at her terminal", actor: people.byTerminal("alice-laptop"), id: "alice", role: "approver" },
    { name: "alice by her token", actor: people.byIdToken(token("sub sub-alice")), id: "alice", role: "approver" },
    {
      name: "alice by a token with more groups",
      actor: people.byIdToken(token("sub sub-alice groups=vault-ops")),
      id: "alice",
      role: "admin",
    },
    { name: "bob in Slack", actor: people.bySlack("U0BOB"), id: "bob", role: "approver" },
    { name: "bob by his token", actor: people.byIdToken(token("sub sub-bob")), id: "bob", role: "approver" },
    { name: "a terminal user called none", actor: people.byTerminal("none"), id: "bob", role: "approver" },
    { name: "a token called none", actor: people.byIdToken(token("sub none")), id: "oidc:none", role: undefined },
    { name: "a Slack account called none", actor: people.bySlack("none"), id: "slack:none", role: undefined },
    { name: "carol at her terminal", actor: people.byTerminal("carol"), id: "carol", role: "approver" },
    {
      name: "someone unlisted in Slack, who could come by a token too",
      actor: people.bySlack("U0STRANGER"),
      id: "slack:U0STRANGER",
      role: undefined,
    },
    {
      name: "someone unlisted by a token, who could come by Slack too",
      actor: people.byIdToken(token("sub sub-x groups=vault-ops")),
      id: "oidc:sub-x",
      role: undefined,
    },
  ])("knows $name as $id", async ({ actor, id, role }) => {
    expect(await actor).toMatchObject({ id, role });
    expect(people.personId("U0ALICE")).toBe("alice");
    expect(people.personId("U0STRANGER")).toBe("slack:U0STRANGER");
  });

  it("tells people who are not listed why their groups give them nothing", async () => {
    const refusal = whyNot(await people.bySlack("U0STRANGER"), { verb: "approve", role: "approver" });
    expect(refusal).toContain("stranger (U0STRANGER) has no role; groups get members both from");
    expect(refusal).toContain("one human, one vote");
  });

  it("takes e-mail addresses as they are meant, whatever their capitals", async () => {
    const mail = openPeopleWorld({
      people: [{ name: "alice", role: "approver", oidc: "Alice@Example.com" }],
      oidc: { ...oidc, subjectClaim: "email" },
    });
    expect((await mail.people.byIdToken(token("sub alice@example.com"))).id).toBe("alice");
  });

  it("gives roles by claims to people who are not listed where only tokens make members", async () => {
    const tokens = openPeopleWorld({
      groups: [{ name: "ops", role: "approver", claim: { value: "vault-ops" } }],
      oidc,
    });
    expect(await tokens.people.byIdToken(token("sub sub-x groups=a,vault-ops"))).toMatchObject({
      id: "oidc:sub-x",
      role: "approver",
      groups: ["ops"],
    });
    expect((await tokens.people.byIdToken(token("sub sub-x groups=a"))).role).toBeUndefined();
  });

  it("refuses tokens where no issuer is configured", async () => {
    await expect(openPeopleWorld(listed).people.byIdToken(token("sub alice"))).rejects.toMatchObject({
      reason: "refused",
      message:
        "cannot tell who you are by an ID token: no issuer is configured; write it under access.oidc, or leave the token away",
    });
  });
});

describe("createPeople with Slack user groups", () => {
  it("takes a role away within a minute of the removal, and never later, while Slack answers", async () => {
    const world = openPeopleWorld({ groups: [dba] });
    inDba(world, "U0BOB");
    expect((await world.people.bySlack("U0BOB")).role).toBe("approver");
    inDba(world);
    const removedAt = world.now();
    let lastHeld = removedAt;
    for (let step = 0; step < 120; step++) {
      world.pass(1000);
      if ((await world.people.bySlack("U0BOB")).role !== undefined) lastHeld = world.now();
    }
    expect(lastHeld - removedAt).toBeLessThanOrEqual(60_000);
    expect(lastHeld - removedAt).toBe(30_000);
  });

  it("takes it away after a minute at most when Slack falls silent, and says since when", async () => {
    const world = openPeopleWorld({ groups: [dba] });
    inDba(world, "U0BOB");
    await world.people.bySlack("U0BOB");
    world.slack.down = true;
    world.pass(60_000);
    expect((await world.people.bySlack("U0BOB")).role).toBe("approver");
    world.pass(1);
    const bob = await world.people.bySlack("U0BOB");
    expect(bob).toMatchObject({ role: undefined, groups: [] });
    expect(whyNot(bob, { verb: "approve", role: "approver" })).toBe(
      "U0BOB may not approve; the role approver is needed; U0BOB has no role; whether they are in group dba could not be read from Slack since 2026-11-22 12:01:00 UTC (unreachable)",
    );
  });

  it("calls people who are not listed by the name that they chose and the id that they did not", async () => {
    const world = openPeopleWorld({ people: [{ name: "alice", role: "viewer", slack: "U0ALICE" }], groups: [dba] });
    expect(await world.people.bySlack("U0EVE")).toMatchObject({ id: "slack:U0EVE", name: "eve (U0EVE)" });
    expect(await world.people.bySlack("U0ALICE")).toMatchObject({ id: "alice", name: "alice" });
  });

  it("gives it back when Slack answers again", async () => {
    const world = openPeopleWorld({ groups: [dba] });
    inDba(world, "U0BOB");
    world.slack.down = true;
    expect((await world.people.bySlack("U0BOB")).role).toBeUndefined();
    world.slack.down = false;
    world.pass(5001);
    expect((await world.people.bySlack("U0BOB")).role).toBe("approver");
  });

  it("logs once that Slack is silent, for each thing that it was asked for", async () => {
    const world = openPeopleWorld({ groups: [dba] });
    world.slack.down = true;
    for (let click = 0; click < 20; click++) {
      await world.people.bySlack("U0BOB");
      world.pass(6000);
    }
    expect(world.logs.map(([level, , facts]) => [level, facts["what"], facts["key"]])).toEqual([
      ["warn", "account", "U0BOB"],
      ["warn", "user group", "S0DBA"],
    ]);
  });

  it.each([
    { account: "deactivated", why: "Slack says that this account is deactivated" },
    { account: "bot", why: "Slack says that this account is a bot's" },
    { account: "stranger", why: "Slack says that this account is of another company" },
  ] as const)("lets a $account do nothing, listed or not", async ({ account, why }) => {
    const world = openPeopleWorld({ people: [{ name: "bob", role: "admin", slack: "U0BOB" }], groups: [dba] });
    inDba(world, "U0BOB", "U0EVE");
    world.slack.accounts.set("U0BOB", account).set("U0EVE", account);
    for (const memberId of ["U0BOB", "U0EVE"]) {
      const actor = await world.people.bySlack(memberId);
      expect(actor).toMatchObject({ role: undefined, groups: [] });
      expect(standingOf(actor)).toEqual([why]);
    }
  });

  it("gives guests what is listed and nothing of user groups", async () => {
    const world = openPeopleWorld({ people: [{ name: "bob", role: "viewer", slack: "U0BOB" }], groups: [dba] });
    inDba(world, "U0BOB");
    world.slack.accounts.set("U0BOB", "guest");
    const bob = await world.people.bySlack("U0BOB");
    expect(bob).toMatchObject({ role: "viewer", groups: [] });
    expect(standingOf(bob)).toEqual(["guests of Slack get nothing from its user groups"]);
  });

  it("gives nothing of user groups to an account that cannot be looked up", async () => {
    const world = openPeopleWorld({ groups: [dba] });
    inDba(world, "U0BOB");
    await world.people.slackIds({ role: "approver" });
    world.slack.down = true;
    const bob = await world.people.bySlack("U0BOB");
    expect(bob.role).toBeUndefined();
    expect(standingOf(bob)[0]).toContain("whether they are in group dba could not be read from Slack since");
  });

  it("leaves a human of a barred Slack account what is listed at the terminal, and nothing of Slack", async () => {
    const world = openPeopleWorld({
      people: [{ name: "bob", role: "viewer", slack: "U0BOB", cli: "bob" }],
      groups: [dba],
    });
    inDba(world, "U0BOB");
    expect((await world.people.byTerminal("bob")).role).toBe("approver");
    world.slack.accounts.set("U0BOB", "deactivated");
    world.pass(60_001);
    const bob = await world.people.byTerminal("bob");
    expect(bob.role).toBe("viewer");
    expect(standingOf(bob)).toEqual(["Slack says that this account is deactivated"]);
  });

  it("takes a group that a reload adds as not read yet, when its click was under way", async () => {
    const world = openPeopleWorld({ groups: [dba] });
    inDba(world, "U0BOB");
    const click = world.people.bySlack("U0BOB");
    world.configure({ groups: [dba, { name: "ops", role: "admin", slackUserGroup: "S0OPS" }] });
    const bob = await click;
    expect(bob.role).toBe("approver");
    expect(standingOf(bob)).toEqual(["whether they are in group ops has not been read from Slack yet"]);
  });

  it("finds whom to mention by role and by group, as far as it can", async () => {
    const world = openPeopleWorld({
      people: [
        { name: "alice", role: "admin", slack: "U0ALICE" },
        { name: "bob", slack: "U0BOB", groups: ["night"] },
        { name: "carol", role: "approver", slack: "none", cli: "carol" },
      ],
      groups: [dba, { name: "night" }],
    });
    inDba(world, "U0BOB", "U0EVE");
    const { people } = world;
    expect(await people.slackIds({ role: "approver" })).toEqual(["U0ALICE", "U0BOB", "U0EVE"]);
    expect(await people.slackIds({ group: "night" })).toEqual(["U0BOB"]);
    expect(await people.slackIds({ group: "dba" })).toEqual(["U0BOB", "U0EVE"]);
    world.slack.down = true;
    world.pass(60_001);
    expect(await people.slackIds({ role: "approver" })).toEqual(["U0ALICE"]);
  });
});
