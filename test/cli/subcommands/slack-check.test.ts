import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { CheckRow } from "../../../src/cli/slack-check/row.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { call } from "../captured-io.ts";
import { PEOPLE, startSlackFiles } from "../slack-files.ts";

const PLAIN = ["commands", "chat:write", "files:write", "channels:history"];
const GROUPS = [{ name: "approvers", role: "approver", slackUserGroup: "S0APPROVERS" }];
const MEMBERS = { id: "S0APPROVERS", handle: "approvers", users: ["U0BOB"] };

type Parts = Parameters<typeof startSlackFiles>[0];

async function rowsOf(parts: Parts): Promise<{ readonly code: number; readonly rows: readonly CheckRow[] }> {
  await using files = await startSlackFiles(parts);
  const { code, out } = await files.run("check", "--json");
  return { code, rows: JSON.parse(out) as readonly CheckRow[] };
}

function find(rows: readonly CheckRow[], check: CheckRow["check"], about?: string): CheckRow | undefined {
  return rows.find((row) => row.check === check && (about === undefined || row.about === about));
}

describe("sealwatch slack check", () => {
  it("gives 0 when everything is as configured, and says of each thing what it saw", async () => {
    await using files = await startSlackFiles({ standIn: { scopes: PLAIN } });
    const { code, out, err } = await files.run("check");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^ok {2}token +bot +\S+ \(U0SEALWATCH\) in workspace Stand-in \(T0STANDIN\)$/mu);
    expect(out).toMatch(/^ok {2}scope +commands +\/vault$/mu);
    expect(out).toMatch(/^ok {2}connection +socket +Socket Mode gives connections$/mu);
    expect(out).toMatch(/^ok {2}channel +C0INCIDENTS +slack.channel: the bot is in it$/mu);
    expect(out).toMatch(/^ok {2}person +alice +U0ALICE: not looked at/mu);
    expect(out.split("\n").at(-1)).toBe("0 problems, 0 warnings");
  });

  it("posts nothing, reads no message and opens no connection", async () => {
    await using files = await startSlackFiles({ slack: { escalateTo: "C0OTHER" } });
    await files.run("check");
    const methods = new Set(files.workspace.calls().map(({ method }) => method));
    expect([...methods].sort()).toEqual(["apps.connections.open", "auth.test", "conversations.history", "users.info"]);
    expect(files.workspace.connections()).toBe(0);
    const history = files.workspace.payloads().filter(({ via }) => via === "conversations.history");
    expect(history.map(({ body }) => (body as { latest: unknown }).latest)).toEqual(["1", "1"]);
  });

  it("tells a scope that must be there from one that is only missed, with what does not work", async () => {
    const { code, rows } = await rowsOf({ standIn: { scopes: ["commands", "channels:history"] } });
    expect(code).toBe(1);
    expect(find(rows, "scope", "chat:write")).toMatchObject({
      level: "problem",
      seen: "missing: nothing can be posted",
      fix: "add the scope chat:write (OAuth & Permissions) and install the app again",
    });
    expect(find(rows, "scope", "files:write")).toMatchObject({ level: "warning" });
  });

  it("names scopes that nobody needs", async () => {
    const { code, rows } = await rowsOf({ standIn: { scopes: [...PLAIN, "admin", "chat:write.public"] } });
    expect(code).toBe(0);
    expect(rows.find(({ level }) => level === "warning")).toMatchObject({
      seen: "the token may more than sealwatch needs: admin, chat:write.public",
    });
  });

  it("does not ask for the scope of public channels where all are private", async () => {
    const { rows } = await rowsOf({
      standIn: {
        scopes: ["commands", "chat:write", "files:write", "groups:history"],
        channel: { id: "C0INCIDENTS", name: "vault-incidents", private: true },
      },
    });
    expect(find(rows, "scope", "channels:history")).toBeUndefined();
    expect(find(rows, "scope", "groups:history")).toMatchObject({ level: "ok" });
    expect(find(rows, "channel")).toMatchObject({ level: "ok" });
  });

  it("says that a private channel needs another scope", async () => {
    const { rows } = await rowsOf({
      standIn: { scopes: PLAIN, channel: { id: "C0INCIDENTS", name: "vault-incidents", private: true } },
    });
    expect(find(rows, "channel")).toMatchObject({
      level: "warning",
      seen: expect.stringContaining("it is private"),
      fix: expect.stringContaining("groups:history"),
    });
    expect(find(rows, "scope", "groups:history")).toMatchObject({ level: "warning" });
  });

  it("looks at every channel that cards or escalations go to", async () => {
    const { code, rows } = await rowsOf({
      slack: { channels: { prod: "C0PROD" }, escalateTo: "C0NOWHERE" },
      standIn: {
        scopes: PLAIN,
        channels: [{ id: "C0PROD", name: "prod", member: false }],
      },
    });
    expect(code).toBe(1);
    expect(find(rows, "channel", "C0PROD")).toMatchObject({
      level: "problem",
      seen: "slack.channels.prod: the bot is not in it",
      fix: "in the channel: /invite @sealwatch",
    });
    expect(find(rows, "channel", "C0NOWHERE")).toMatchObject({ level: "problem", fix: expect.stringContaining("id") });
    expect(find(rows, "channel", "C0INCIDENTS")).toMatchObject({ level: "ok" });
  });

  it("looks at the people who are listed where it may", async () => {
    const people = [
      ...PEOPLE,
      { name: "carol", slack: "U0CAROL", role: "viewer" },
      { name: "dave", slack: "U0DAVE", role: "viewer" },
      { name: "erin", slack: "U0ERIN", role: "viewer" },
      { name: "frank", slack: "none", role: "viewer" },
    ];
    const { code, rows } = await rowsOf({
      access: { people },
      standIn: {
        users: [
          { id: "U0ALICE", name: "alice" },
          { id: "U0BOB", name: "bob", account: "deactivated" },
          { id: "U0CAROL", name: "carol", account: "guest" },
          { id: "U0DAVE", name: "dave", account: "stranger", teamId: "T0OTHER" },
        ],
      },
    });
    expect(code).toBe(1);
    expect(find(rows, "person", "alice")).toMatchObject({ level: "ok", seen: "U0ALICE: alice" });
    expect(find(rows, "person", "bob")).toMatchObject({
      level: "warning",
      seen: expect.stringContaining("deactivated"),
    });
    expect(find(rows, "person", "carol")).toMatchObject({ level: "warning", seen: expect.stringContaining("a guest") });
    expect(find(rows, "person", "dave")).toMatchObject({ seen: expect.stringContaining("another company") });
    expect(find(rows, "person", "erin")).toMatchObject({
      level: "problem",
      seen: "U0ERIN: there is no such account",
    });
    expect(find(rows, "person", "frank")).toBeUndefined();
  });

  it("counts the members of the user groups that give roles, and needs their scopes then", async () => {
    const { code, rows } = await rowsOf({
      access: { groups: GROUPS },
      standIn: { scopes: PLAIN, userGroups: [MEMBERS] },
    });
    expect(code).toBe(1);
    expect(find(rows, "scope", "usergroups:read")).toMatchObject({ level: "problem" });
    expect(find(rows, "scope", "users:read")).toMatchObject({ level: "problem" });
    const granted = await rowsOf({
      access: { groups: GROUPS },
      standIn: { scopes: [...PLAIN, "usergroups:read", "users:read"], userGroups: [MEMBERS] },
    });
    expect(granted.code).toBe(0);
    expect(find(granted.rows, "user-group")).toMatchObject({ level: "ok", seen: "S0APPROVERS: 1 person" });
  });

  it("warns of a user group in which nobody is", async () => {
    const { rows } = await rowsOf({ access: { groups: GROUPS }, standIn: { userGroups: [{ ...MEMBERS, users: [] }] } });
    expect(find(rows, "user-group")).toMatchObject({ level: "warning", seen: "S0APPROVERS: nobody is in it" });
  });

  it("says that a plan has no user groups, and what to do instead", async () => {
    const { code, rows } = await rowsOf({
      access: { groups: GROUPS },
      standIn: { plan: "free", userGroups: [MEMBERS] },
    });
    expect(code).toBe(1);
    expect(find(rows, "user-group")).toMatchObject({
      level: "problem",
      seen: expect.stringContaining("list people under access.people"),
    });
  });

  it("looks at everything else when one thing is wrong", async () => {
    const { code, rows } = await rowsOf({ env: { APP: "xapp-1-A000-wrong-canary" }, standIn: { scopes: PLAIN } });
    expect(code).toBe(1);
    expect(rows.filter(({ level }) => level === "problem")).toEqual([
      {
        check: "connection",
        level: "problem",
        about: "socket",
        seen: "Slack refuses it: invalid_auth",
        fix: "install the app again and put its token where slack.appToken points",
      },
    ]);
    expect(find(rows, "channel")).toMatchObject({ level: "ok" });
  });

  it("says which token is worthless", async () => {
    const { code, rows } = await rowsOf({ env: { BOT: "xoxb-000000000000-wrong-canary" } });
    expect(code).toBe(1);
    expect(find(rows, "token")).toMatchObject({ level: "problem", seen: "Slack refuses it: invalid_auth" });
    expect(find(rows, "connection")).toMatchObject({ level: "ok" });
  });

  it("ends with 2, and asks nobody, when a token is not there", async () => {
    await using files = await startSlackFiles({ slack: { botToken: { env: "NOT_SET" } } });
    const { code, err } = await files.run("check");
    expect({ code, calls: files.workspace.calls() }).toEqual({ code: 2, calls: [] });
    expect(err).toContain("NOT_SET");
  });

  it("tells Slack's silence from a refusal", async () => {
    await using files = await startSlackFiles();
    files.workspace.down();
    const { code, out } = await files.run("check", "--json");
    expect(code).toBe(1);
    const rows = JSON.parse(out) as readonly CheckRow[];
    expect(find(rows, "token")).toMatchObject({ seen: expect.stringContaining("no clear answer") });
  });
});

describe("sealwatch slack check, in HTTP mode", () => {
  const HTTP = { mode: "http", signingSecret: { env: "SIGNING" }, appToken: undefined };

  it("says which address Slack must be told, and needs no app token", async () => {
    await using files = await startSlackFiles({
      slack: HTTP,
      externalUrl: "https://sealwatch.example/",
      standIn: { scopes: PLAIN },
    });
    const { code, out } = await files.run("check");
    expect(code).toBe(0);
    expect(out).toContain("https://sealwatch.example/slack/events");
    expect(out).toMatch(/^ok {2}token +signing secret/mu);
    expect(files.workspace.calls().map(({ method }) => method)).not.toContain("apps.connections.open");
  });

  const addresses = [
    { name: "there is none", change: {}, seen: "nobody knows where" },
    { name: "it is not https", change: { externalUrl: "http://sealwatch.example" }, seen: "is not https" },
  ];
  it.each(addresses)("refuses the address when $name", async ({ change, seen }) => {
    const { code, rows } = await rowsOf({ slack: HTTP, ...change });
    expect(code).toBe(1);
    expect(find(rows, "connection")).toMatchObject({ level: "problem", seen: expect.stringContaining(seen) });
  });
});

describe("sealwatch slack check, with a token for deleting", () => {
  const slack = { deletionToken: { env: "USER" } };

  it("says as whom it deletes", async () => {
    const { rows } = await rowsOf({ slack, standIn: { userToken: "xoxp-000000000000-made-up-canary" } });
    expect(find(rows, "deletion")).toMatchObject({ level: "ok", seen: expect.stringContaining("deletes as") });
    expect(rows.filter(({ check, about }) => check === "scope" && about === "chat:write")).toHaveLength(2);
  });

  it("refuses a bot's token there", async () => {
    const { code, rows } = await rowsOf({ slack: { deletionToken: { env: "BOT" } } });
    expect(code).toBe(1);
    expect(find(rows, "deletion")).toMatchObject({ level: "problem", seen: expect.stringContaining("a bot's token") });
  });
});

describe("sealwatch slack, without what it needs", () => {
  it("ends with 2 when no Slack is configured", async () => {
    await using directory = await temporaryDirectory();
    const config = join(directory.path, "sealwatch.yaml");
    await writeFile(config, "clusters: [{ name: prod, nodes: [{ name: a, address: 'http://127.0.0.1:9' }] }]\n");
    const { code, err } = await call(["slack", "check", "--config", config]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("no Slack is configured") });
  });

  it("ends with 2 when the configuration is bad", async () => {
    const { code } = await call(["slack", "check", "--config", "/nowhere/sealwatch.yaml"]);
    expect(code).toBe(2);
  });
});
