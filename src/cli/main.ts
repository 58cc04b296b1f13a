import { Command, CommanderError, Option } from "commander";
import { DEFAULT_CONFIG_FILE } from "../config/default-file.ts";
import { packageVersion } from "../app/package-files.ts";
import { EXIT } from "./io.ts";
import { addAuditLogCommands } from "./audit-log-commands.ts";
import { configOption, type Cli } from "./options.ts";
import type { settingsFor as SettingsFor } from "./settings.ts";
import { reportFailure } from "./report.ts";
import { addRunCommands } from "./run-commands.ts";
import { addSlackCommands } from "./slack-commands.ts";
import type { RunbookTestOptions } from "./subcommands/runbook-test.ts";

/** Runs one subcommand and gives the exit code: 0 fine, 1 it did not work, 2 the input is wrong. Never throws. */
export async function main(args: readonly string[], { io, env, signal }: Omit<Cli, "done">): Promise<number> {
  let code: number = EXIT.fine;
  const program = createProgram({ io, env, signal, done: (given) => void (code = given) });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.badInput;
    reportFailure(io, error);
    return EXIT.failed;
  }
}

// Each subcommand is loaded when it is used: `config check` needs neither Slack nor a database.
const settingsFor: typeof SettingsFor = async (...given) => await (await import("./settings.ts")).settingsFor(...given);

function createProgram(cli: Cli): Command {
  const program = new Command("sealwatch")
    .description("Sees what Vault and OpenBao cannot say about themselves, and walks a human through the repair.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => cli.io.out(text.trimEnd()), writeErr: (text) => cli.io.err(text.trimEnd()) })
    .showHelpAfterError("(see sealwatch --help)")
    .showSuggestionAfterError();
  addServerCommands(program, cli);
  addRunCommands(program, cli);
  addAuthorCommands(program, cli);
  addSlackCommands(program, cli);
  addAuditLogCommands(program, cli);
  return program;
}

function addServerCommands(program: Command, { io, env, signal, done }: Cli): void {
  program
    .command("serve")
    .description("run exporter, Slack bot, Alertmanager webhook and pages")
    .addOption(configOption(env))
    .option("--web-config-file <file>", "exporter-toolkit's file of TLS and logins, instead of exporter.webConfigFile")
    .option("--compat-metrics", "also the nine metrics of the grapeshot/vault_exporter family")
    .action(async ({ config, ...flags }: { config: string; webConfigFile?: string; compatMetrics?: boolean }) => {
      const settings = await settingsFor(io, config, env);
      done(
        settings === undefined
          ? EXIT.badInput
          : await (await import("./subcommands/serve.ts")).serve(io, settings, env, flags),
      );
    });
  program
    .command("status [cluster]")
    .description("say how every node is, without a token; exit code 1 when a cluster is not well")
    .addOption(configOption(env))
    .option("--json", "print JSON", false)
    .action(async (cluster: string | undefined, { config, json }: { config: string; json: boolean }) => {
      const settings = await settingsFor(io, config, env);
      done(
        settings === undefined
          ? EXIT.badInput
          : await (await import("./subcommands/status.ts")).status(io, settings, { cluster, env, json }),
      );
    });
  program
    .command("doctor [cluster]")
    .description(
      "examine nodes, token, permissions and telemetry, with the line to change; exit code 1 when there is a problem",
    )
    .addOption(configOption(env))
    .option("--json", "print JSON", false)
    .action(async (cluster: string | undefined, { config, json }: { config: string; json: boolean }) => {
      const settings = await settingsFor(io, config, env);
      done(
        settings === undefined
          ? EXIT.badInput
          : await (await import("./subcommands/doctor.ts")).doctor(io, settings, { cluster, env, json }),
      );
    });
  program
    .command("demo")
    .description("start everything embedded: a cluster, the exporter, the bot and a stand-in for Slack")
    .option("--tour", "play a night by itself in the terminal and end", false)
    .option("--vault-bin <path>", "a real cluster of this bao or vault binary instead of the simulated one")
    .option("--port <number>", "port of metrics and pages (0: any free one)", "9410")
    .action(async (options: { tour: boolean; vaultBin?: string; port: string }) =>
      done(await (await import("./subcommands/demo.ts")).demo(io, options, signal)),
    );
}

function addAuthorCommands(program: Command, { io, env, done }: Cli): void {
  const runbook = program.command("runbook").description("work on runbooks");
  runbook
    .command("lint [paths...]")
    .description("judge runbook files or directories; exit code 2 when there is a finding")
    .option("--json", "print JSON", false)
    .addOption(new Option("--sarif", "print SARIF 2.1.0, for code scanning").default(false).conflicts("json"))
    .action(async (paths: readonly string[], { json, sarif }: { json: boolean; sarif: boolean }) => {
      const { runbookLint } = await import("./subcommands/runbook-lint.ts");
      done(await runbookLint(io, paths, sarif ? "sarif" : json ? "json" : "text"));
    });
  runbook
    .command("test [paths...]")
    .description("play runbooks against a simulated cluster, as their *.test.yaml say; exit code 1 when a test fails")
    .option("--only <name>", "only tests whose name has this in it")
    .option("--crash-everywhere", "play each test again for every point at which the program can be killed", false)
    .option("--coverage", "say which branches no test took; exit code 1 when there is one", false)
    .option("--json", "print JSON", false)
    .action(async (paths: readonly string[], { only, ...flags }: Omit<RunbookTestOptions, "paths">) =>
      done(await (await import("./subcommands/runbook-test.ts")).runbookTest(io, { ...flags, only, paths })),
    );
  program
    .command("config")
    .description("work on the configuration")
    .command("check [file]")
    .description("judge a configuration file; exit code 2 when it is not good")
    .option("--json", "print JSON", false)
    .action(async (file: string | undefined, { json }: { json: boolean }) =>
      done(
        await (
          await import("./subcommands/config-check.ts")
        ).configCheck(io, file ?? env["SEALWATCH_CONFIG"] ?? DEFAULT_CONFIG_FILE, { env, json }),
      ),
    );
  program
    .command("policy [part]")
    .description(
      "print the Vault policies that are needed: all, exporter, runbooks (reading), operator (minting), actions (minted) or investigation (audit-log search)",
    )
    .addOption(configOption(env))
    .option("--json", "print JSON", false)
    .action(async (part: string | undefined, { config, json }: { config: string; json: boolean }) => {
      const settings = await settingsFor(io, config, env);
      done(
        settings === undefined
          ? EXIT.badInput
          : (await import("./subcommands/policy.ts")).printPolicy(io, settings, part ?? "all", json),
      );
    });
  program
    .command("docs")
    .description("write the generated pages of docs/")
    .option("--check", "only say whether they are current", false)
    .action(async ({ check }: { check: boolean }) =>
      done(await (await import("./subcommands/docs.ts")).writeDocs(io, check)),
    );
}
