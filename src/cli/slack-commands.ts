import { Option, type Command } from "commander";
import type { ChannelKinds } from "../slack/setup/needs.ts";
import { EXIT } from "./io.ts";
import { configOption, jsonOption, type Cli } from "./options.ts";
import type { SlackManifestOptions } from "./subcommands/slack-manifest.ts";

const KINDS = ["public", "private", "both"] satisfies ChannelKinds[];

type WithConfig = { readonly config: string };

/** Adds `sealwatch slack …`: what to set up in Slack, and whether it is set up. */
export function addSlackCommands(program: Command, { io, env, done }: Cli): void {
  const slack = program.command("slack").description("set up the Slack app");
  slack
    .command("check")
    .description(
      "ask Slack whether tokens, scopes, channels, groups and people are as configured; exit code 1 when not",
    )
    .addOption(configOption(env))
    .addOption(jsonOption())
    .action(async ({ config, json }: WithConfig & { json: boolean }) => {
      const settings = await (await import("./settings.ts")).settingsFor(io, config, env);
      done(
        settings === undefined
          ? EXIT.badInput
          : await (await import("./subcommands/slack-check.ts")).slackCheck(io, settings, { env, json }),
      );
    });
  slack
    .command("manifest")
    .description("print the manifest of the app that this configuration needs, to be pasted into Slack")
    .addOption(configOption(env))
    .addOption(
      new Option("--mode <mode>", "how Slack reaches sealwatch; default: slack.mode").choices(["socket", "http"]),
    )
    .option("--url <https>", "where Slack reaches sealwatch, in mode http; default: externalUrl")
    .addOption(new Option("--channels <kind>", "what kind the channels are").choices(KINDS).default("public"))
    .action(async ({ config, ...options }: WithConfig & SlackManifestOptions) =>
      done(await (await import("./subcommands/slack-manifest.ts")).slackManifest(io, config, options)),
    );
}
