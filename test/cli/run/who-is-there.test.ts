import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { Actor } from "../../../src/access/person.ts";
import { loadSettings } from "../../../src/app/load-settings.ts";
import { terminalUser } from "../../../src/app/system.ts";
import { whoIsThere } from "../../../src/cli/run/who-is-there.ts";
import { startSlackStandIn } from "../../../src/sandbox/slack/stand-in.ts";
import { AUDIENCE, startIssuer, type Issuer, type TokenParts } from "../../identity/issuer.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const SLACK = { appToken: { env: "APP" }, botToken: { env: "BOT" }, channel: "C0INCIDENTS" };
const env = { APP: "xapp-made-up", BOT: "xoxb-made-up" };

type World = AsyncDisposable & {
  readonly who: () => Promise<Actor>;
  readonly configure: (access: unknown, parts?: object) => Promise<void>;
  /** Puts a token that is made now into the file; undefined takes the file away. */
  readonly show: (parts: TokenParts | undefined) => Promise<string>;
};

/** A terminal with a configuration and, where an issuer is given, a token's file. */
async function open(access: object, { issuer, parts = {} }: { issuer?: Issuer; parts?: object } = {}): Promise<World> {
  const directory = await temporaryDirectory();
  const file = join(directory.path, "sealwatch.yaml");
  const idTokenFile = join(directory.path, "id-token");
  const configure = async (next: unknown, more: object = parts): Promise<void> =>
    await writeFile(
      file,
      stringify({
        clusters: [{ name: "prod", nodes: [{ name: "vault-0", address: "http://127.0.0.1:1" }] }],
        access: next,
        ...more,
      }),
    );
  await configure(access);
  const loading = await loadSettings(file, env);
  if (!loading.ok) throw new Error(loading.findings.map(({ message }) => message).join("\n"));
  const given = issuer === undefined ? {} : { idTokenFile };
  return {
    who: whoIsThere({ settings: loading.settings, env, ...given }),
    configure,
    show: async (token) => {
      await rm(idTokenFile, { force: true });
      if (token === undefined || issuer === undefined) return "";
      const seconds = Math.floor(Date.now() / 1000);
      const text = await issuer.sign({ ...token, claims: { iat: seconds, exp: seconds + 300, ...token.claims } });
      await writeFile(idTokenFile, `${text}\n`, { mode: 0o600 });
      return text;
    },
    [Symbol.asyncDispose]: async () => await directory[Symbol.asyncDispose](),
  };
}

const oidcOf = ({ address }: Issuer): object => ({ issuer: address, audience: AUDIENCE });

describe("whoIsThere", () => {
  it("is the user of the operating system where nobody shows a token", async () => {
    await using world = await open({ people: [{ name: "alice", role: "responder", cli: terminalUser() }] });
    expect(await world.who()).toMatchObject({ id: "alice", role: "responder" });
  });

  it("goes by the configuration of the moment, and by the last good one", async () => {
    await using world = await open({ people: [{ name: "alice", role: "admin", cli: terminalUser() }] });
    await world.configure({ people: [{ name: "alice", role: "viewer", cli: terminalUser() }] });
    expect((await world.who()).role).toBe("viewer");
    await world.configure({ people: "nobody" });
    expect((await world.who()).role).toBe("viewer");
    await world.configure({});
    expect(await world.who()).toMatchObject({ id: `cli:${terminalUser()}`, role: undefined });
  });

  it("is whoever the token of this moment says, though the user of the operating system is another", async () => {
    await using issuer = await startIssuer();
    await using world = await open(
      {
        people: [
          { name: "alice", role: "responder", cli: terminalUser(), oidc: "sub-alice" },
          { name: "bob", role: "approver", oidc: "sub-bob" },
        ],
        groups: [{ name: "ops", role: "admin", claim: { value: "vault-ops" } }],
        oidc: oidcOf(issuer),
      },
      { issuer },
    );
    await world.show({ claims: { sub: "sub-bob" } });
    expect(await world.who()).toMatchObject({ id: "bob", role: "approver", groups: [] });
    await world.show({ claims: { sub: "sub-alice", groups: ["vault-ops"] } });
    expect(await world.who()).toMatchObject({ id: "alice", role: "admin", groups: ["ops"] });
    await world.show({ claims: { sub: "sub-eve", groups: [] } });
    expect(await world.who()).toMatchObject({ id: "oidc:sub-eve", role: undefined });
  });

  it("keeps the issuer's keys from one answer to the next", async () => {
    await using issuer = await startIssuer();
    await using world = await open({ oidc: oidcOf(issuer) }, { issuer });
    await world.show({});
    for (let answer = 0; answer < 3; answer++) await world.who();
    expect(issuer.asked).toHaveLength(2);
  });

  it.each<{ name: string; token: TokenParts | undefined; error: object }>([
    { name: "is not there", token: undefined, error: { reason: "not-found" } },
    { name: "has expired", token: { claims: { exp: 1_000_000 } }, error: { reason: "denied" } },
    { name: "is for somebody else", token: { claims: { aud: "grafana" } }, error: { reason: "denied" } },
  ])("is nobody when the token $name, not the user of the operating system", async ({ token, error }) => {
    await using issuer = await startIssuer();
    await using world = await open(
      { people: [{ name: "alice", role: "admin", cli: terminalUser() }], oidc: oidcOf(issuer) },
      { issuer },
    );
    const text = await world.show(token);
    const failing = world.who();
    await expect(failing).rejects.toMatchObject({ name: "FailureError", ...error });
    const thrown: unknown = await failing.catch((caught: unknown) => caught);
    if (text !== "") expect(String(thrown)).not.toContain(text.slice(0, 30));
  });

  it("has at the terminal what Slack gives, as long as Slack gives it", async () => {
    await using slack = await startSlackStandIn({
      botToken: env.BOT,
      appToken: env.APP,
      users: [{ id: "U0ALICE", name: "alice" }],
      userGroups: [{ id: "S0DBA111", handle: "dba", users: ["U0ALICE"] }],
      channel: { id: SLACK.channel, name: "incidents" },
      clock: { now: () => Date.now() },
    });
    const access = {
      people: [{ name: "alice", role: "viewer", cli: terminalUser(), slack: "U0ALICE" }],
      groups: [{ name: "dba", role: "approver", slackUserGroup: "@dba" }],
    };
    const parts = { slack: { ...SLACK, apiUrl: slack.apiUrl } };
    await using world = await open(access, { parts });
    expect(await world.who()).toMatchObject({ id: "alice", role: "approver", groups: ["dba"] });
    slack.failNext("usergroups.list", { status: 503 });
    await using another = await open(access, { parts });
    const alone = await another.who();
    expect(alone).toMatchObject({ id: "alice", role: "viewer", groups: [] });
    expect(alone.standing?.untold[0]).toMatch(
      /^whether they are in group dba could not be read from Slack since .* UTC \(unreachable\)$/u,
    );
  });
});
