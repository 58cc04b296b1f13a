import { stringify } from "yaml";
import { DEFAULT_CONFIG_FILE } from "../../config/default-file.ts";
import { diskReaders } from "../../config/readers.ts";
import { Config } from "../../config/schema.ts";
import { chooseSecretSource } from "../../config/secret-source.ts";
import { Access } from "../../config/sections/access.ts";
import { readDocument } from "../../document/read-document.ts";
import { errorCode, unreadableFile } from "../../document/unreadable.ts";
import { manifestFor, requestUrl } from "../../slack/setup/manifest.ts";
import { needsOf, type ChannelKinds, type SlackNeeds } from "../../slack/setup/needs.ts";
import { EXIT, type Io } from "../io.ts";
import { reportFindings } from "../report.ts";

/** What the command line gave: what is not given comes from the configuration. */
export type SlackManifestOptions = {
  readonly mode?: "socket" | "http";
  readonly url?: string;
  readonly channels: ChannelKinds;
};

/** Prints the manifest of the Slack app that a configuration needs: its permissions and events, and no more. */
export async function slackManifest(io: Io, file: string, options: SlackManifestOptions): Promise<number> {
  const config = await readForm(io, file);
  if (config === undefined) return EXIT.badInput;
  const needs: SlackNeeds = { ...needsOf(config, options.channels), ...(options.mode && { mode: options.mode }) };
  if (needs.mode === "socket") {
    io.exact(manifestText(needs, undefined));
    return EXIT.fine;
  }
  const base = options.url ?? config.externalUrl;
  if (base === undefined || !URL.canParse(base) || new URL(base).protocol !== "https:") {
    const what = base === undefined ? "there is no externalUrl" : `${base} is no https address`;
    io.err(`sealwatch slack manifest: ${what}; Slack must know where to post to: --url https://…`);
    return EXIT.badInput;
  }
  io.exact(manifestText(needs, requestUrl(base)));
  return EXIT.fine;
}

type Asked = Pick<Config, "slack" | "access" | "externalUrl">;

/** Reads a configuration by its form alone: whoever makes the app has no tokens yet. Without a file of the default name there is nothing to read. */
async function readForm(io: Io, file: string): Promise<Asked | undefined> {
  const text = await diskReaders.readText(file).catch((error: unknown) => ({ error }));
  if (typeof text !== "string") {
    if (file === DEFAULT_CONFIG_FILE && errorCode(text.error) === "ENOENT")
      return { access: Access.parse({}), slack: undefined, externalUrl: undefined };
    reportFindings(io, [unreadableFile(file, text.error)], false);
    return undefined;
  }
  const reading = readDocument({ file, text, schema: Config, choose: chooseSecretSource });
  if (reading.ok) return reading.value;
  reportFindings(io, reading.findings, false);
  return undefined;
}

/** Writes a manifest as YAML, with a line above it that says how it was made. */
export function manifestText(needs: SlackNeeds, url: string | undefined): string {
  const how = `# Made by: sealwatch slack manifest --mode ${needs.mode}\n`;
  return `${how}${stringify(manifestFor(needs, url), { lineWidth: 0 })}`;
}

/** What the manifests in docs/ are made for: people are listed, channels are public. */
const PLAIN = { userGroups: false, channels: "public", deletion: false } as const;

/** Gives the manifests of docs/ by their paths. */
export function manifestFiles(): readonly (readonly [string, string])[] {
  return [
    ["docs/slack-manifest.yaml", manifestText({ ...PLAIN, mode: "socket" }, undefined)],
    [
      "docs/slack-manifest-http.yaml",
      manifestText({ ...PLAIN, mode: "http" }, requestUrl("https://sealwatch.example.com")),
    ],
  ];
}
