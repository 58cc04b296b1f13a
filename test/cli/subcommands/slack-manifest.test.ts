import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../../src/app/package-files.ts";
import { manifestFiles } from "../../../src/cli/subcommands/slack-manifest.ts";
import { AppManifest } from "../../slack/setup/app-manifest.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { call } from "../captured-io.ts";

const SLACK = { botToken: { env: "NOT_SET" }, appToken: { env: "NOT_SET" }, channel: "C0INCIDENTS" };

async function manifest(parts: object, ...args: readonly string[]) {
  await using directory = await temporaryDirectory();
  const config = join(directory.path, "sealwatch.yaml");
  const clusters = [{ name: "prod", nodes: [{ name: "vault-0", address: "http://127.0.0.1:9" }] }];
  await writeFile(config, stringify({ clusters, ...parts }));
  const { code, out, err } = await call(["slack", "manifest", "--config", config, ...args]);
  return { code, out, err, read: () => AppManifest.parse(parse(out)) };
}

describe("sealwatch slack manifest", () => {
  it("asks for what the configuration needs and no more, before there is any token", async () => {
    const { code, read } = await manifest({ slack: SLACK });
    expect(code).toBe(0);
    const { oauth_config: auth, settings } = read();
    expect(auth.scopes).toEqual({ bot: ["commands", "chat:write", "files:write", "channels:history"] });
    expect(settings.event_subscriptions.bot_events).toEqual([
      "app_home_opened",
      "app_uninstalled",
      "tokens_revoked",
      "message.channels",
    ]);
    expect(settings.socket_mode_enabled).toBe(true);
  });

  it("adds user groups, the deletion of messages and private channels where they are used", async () => {
    const groups = [{ name: "approvers", role: "approver", slackUserGroup: "S0APPROVERS" }];
    const slack = { ...SLACK, deletionToken: { env: "NOT_SET" } };
    const { read } = await manifest({ slack, access: { groups } }, "--channels", "private");
    const { oauth_config: auth, settings } = read();
    expect(auth.scopes).toEqual({
      bot: ["commands", "chat:write", "files:write", "groups:history", "usergroups:read", "users:read"],
      user: ["chat:write"],
    });
    expect(settings.event_subscriptions.bot_events).toEqual(
      expect.arrayContaining(["message.groups", "subteam_members_changed", "subteam_updated"]),
    );
    expect(settings.event_subscriptions.bot_events).not.toContain("message.channels");
  });

  it("has no address in Socket Mode, and one for everything over HTTP", async () => {
    expect((await manifest({ slack: SLACK })).out).not.toContain("url");
    const { out, read } = await manifest({ slack: SLACK }, "--mode", "http", "--url", "https://sealwatch.example/");
    expect(read().settings.socket_mode_enabled).toBe(false);
    expect([...out.matchAll(/url: (?<url>\S+)/gu)].map(({ groups }) => groups?.["url"])).toEqual(
      Array.from({ length: 4 }, () => "https://sealwatch.example/slack/events"),
    );
  });

  it("takes mode and address from the configuration", async () => {
    const slack = { ...SLACK, appToken: undefined, mode: "http", signingSecret: { env: "NOT_SET" } };
    const { out, code } = await manifest({ slack, externalUrl: "https://sealwatch.example" });
    expect(code).toBe(0);
    expect(out).toContain("https://sealwatch.example/slack/events");
  });

  it.each([
    { name: "there is none", args: [] },
    { name: "it is not https", args: ["--url", "http://sealwatch.example"] },
    { name: "it is no address", args: ["--url", "sealwatch"] },
  ])("ends with 2 over HTTP when $name", async ({ args }) => {
    const { code, out, err } = await manifest({ slack: SLACK }, "--mode", "http", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("--url https://");
  });

  it("ends with 2 when the configuration is of another form", async () => {
    const { code, err } = await manifest({ slack: { ...SLACK, chanel: "C0" } });
    expect(code).toBe(2);
    expect(err).toContain("chanel");
  });
});

describe("the manifests in docs/", () => {
  it.each(manifestFiles())("%s is what the program makes, and Slack takes its form", async (path, text) => {
    expect(await readFile(join(packageRoot, path), "utf8")).toBe(text);
    AppManifest.parse(parse(text));
  });
});
