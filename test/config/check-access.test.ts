import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { loadConfig, type ConfigLoading } from "../../src/config/load.ts";
import { env, fakeDisk } from "./fake-disk.ts";

const base = {
  clusters: [{ name: "prod", nodes: [{ name: "vault-0", address: "https://vault-0.example:8200" }] }],
  slack: { appToken: { env: "SLACK_APP_TOKEN" }, botToken: { env: "SLACK_BOT_TOKEN" }, channel: "C012AB3CD" },
};
const oidc = { issuer: "https://issuer.example", audience: "sealwatch" };
const dba = { name: "dba", role: "approver", slackUserGroup: "@dba" };
const ops = { name: "ops", role: "approver", claim: { value: "ops" } };

async function load(access: unknown): Promise<ConfigLoading> {
  const text = stringify({ ...base, access });
  return await loadConfig({ file: "c.yaml", env, readers: fakeDisk({ "c.yaml": text }) });
}

describe("checkAccess", () => {
  it.each([
    { name: "nobody at all", access: {} },
    { name: "only a Slack user group", access: { groups: [dba] } },
    { name: "only a claim of an issuer", access: { groups: [ops], oidc } },
    {
      name: "a listed human with an id wherever members come from, or none",
      access: {
        people: [
          { name: "alice", role: "approver", cli: "alice", slack: "U012AB3CD" },
          { name: "bob", role: "approver", cli: "bob", slack: "none" },
          { name: "carol", groups: ["dba"], cli: "carol", slack: "none" },
        ],
        groups: [dba],
      },
    },
    {
      name: "listed people without all ids where only they are members",
      access: {
        people: [
          { name: "alice", role: "approver", cli: "alice" },
          { name: "bob", role: "approver", oidc: "sub-bob" },
        ],
        groups: [dba, ops],
        oidc,
      },
    },
    {
      name: "a group of listed people, named from either side",
      access: {
        people: [
          { name: "alice", cli: "alice", groups: ["night"] },
          { name: "bob", cli: "bob" },
        ],
        groups: [
          { name: "night", role: "responder" },
          { name: "day", role: "responder", people: ["bob"] },
        ],
      },
    },
    {
      name: "break-glass with somebody who has its role by a group",
      access: { groups: [{ ...dba, role: "admin" }], breakGlass: { enabled: true } },
    },
    { name: "an issuer on loopback", access: { oidc: { ...oidc, issuer: "http://127.0.0.1:5556/dex" } } },
  ])("takes $name", async ({ access }) => {
    expect(await load(access)).toMatchObject({ ok: true, warnings: [] });
  });

  it("fills in what nobody wrote", async () => {
    const loading = await load({ oidc });
    expect(loading.ok && loading.config.access).toEqual({
      people: [],
      groups: [],
      breakGlass: { enabled: false, role: "admin" },
      oidc: { ...oidc, subjectClaim: "sub", groupsClaim: "groups", maxAge: 600_000 },
    });
  });

  it("only warns of a certificate authority that may be mounted later", async () => {
    const loading = await load({ oidc: { ...oidc, caFile: "/not/yet.pem" } });
    expect(loading).toMatchObject({ ok: true, warnings: [{ message: "the file /not/yet.pem cannot be read" }] });
  });
});
