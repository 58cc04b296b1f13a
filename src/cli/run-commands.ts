import type { Command } from "commander";
import { addAnswers } from "./answer-commands.ts";
import { EXIT } from "./io.ts";
import { configOption, idTokenOption, jsonOption, type Cli, type WithConfig, type WithTerminal } from "./options.ts";

/** Adds the subcommands about runs: the terminal has everything that Slack has. */
export function addRunCommands(program: Command, cli: Cli): void {
  const withTerminal: WithTerminal = async ({ config, idTokenFile }, task) => {
    const { settingsFor } = await import("./settings.ts");
    const settings = await settingsFor(cli.io, config, cli.env);
    cli.done(
      settings === undefined
        ? EXIT.badInput
        : await task({ io: cli.io, settings, env: cli.env, idTokenFile, signal: cli.signal }),
    );
  };
  const run = addRun(program, cli, withTerminal);
  addVerify(run, cli, withTerminal);
  addExport(run, cli, withTerminal);
  addFollow(program, cli, withTerminal);
  addRuns(program, cli, withTerminal);
  addAnswers(program, cli, withTerminal);
  addLocks(program, cli, withTerminal);
}

type RunOptions = WithConfig & { readonly dryRun: boolean; readonly drill: boolean };

function addRun(program: Command, cli: Cli, withTerminal: WithTerminal): Command {
  return program
    .command("run")
    .argument("<runbook>")
    .argument("[inputs...]", "name=value")
    .description("start a runbook here, for instance: run sealed-node cluster=prod node=vault-2")
    .addOption(configOption(cli.env))
    .addOption(idTokenOption(cli.env))
    .option("--dry-run", "read and plan only: what would be called, what it would take, what holds now", false)
    .option("--drill", "say that it is carried out to practise; its calls are real", false)
    .addOption(jsonOption())
    .action(async (runbook: string, assignments: readonly string[], options: RunOptions) => {
      const { startRun } = await import("./run/start-run.ts");
      await withTerminal(options, async (terminal) => await startRun(terminal, { runbook, assignments }, options));
    });
}

type VerifyOptions = WithConfig & { readonly file?: string; readonly head?: string };

function addVerify(run: Command, cli: Cli, withTerminal: WithTerminal): void {
  run
    .command("verify [run]")
    .description(
      "recompute the chain of a run's timeline, or of an exported one; exit code 1 when an entry was changed",
    )
    .addOption(configOption(cli.env))
    .option("--file <export.json>", "an exported run instead of one in the store; needs no configuration")
    .option("--head <hash>", "head that you noted, or its first 12 characters: must be in the chain")
    .addOption(jsonOption())
    .action(async (runId: string | undefined, _options: VerifyOptions, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>();
      const { verifyFile, verifyRun } = await import("./subcommands/run-verify.ts");
      const how = { json: options.json, head: options.head };
      if (options.file !== undefined) {
        cli.done(await verifyFile(cli.io, options.file, how));
      } else if (runId === undefined) {
        cli.io.err("sealwatch run verify: name a run, or an exported one with --file");
        cli.done(EXIT.badInput);
      } else await withTerminal(options, async (terminal) => await verifyRun(terminal, runId, how));
    });
}

type ExportOptions = WithConfig & { readonly format: string; readonly output?: string };

function addExport(run: Command, cli: Cli, withTerminal: WithTerminal): void {
  run
    .command("export <run>")
    .description("write a run as a post-mortem: every step, gate, person and entry, with the hashes that prove it")
    .addOption(configOption(cli.env))
    .option("--format <name>", "markdown, for people, or json, which `run verify --file` verifies", "markdown")
    .option("-o, --output <file>", "a new file instead of the terminal")
    .action(async (runId: string, _options: ExportOptions, command: Command) => {
      const { format, output, ...options } = command.optsWithGlobals<ExportOptions>();
      const { writeExport } = await import("./subcommands/run-export.ts");
      await withTerminal(options, async (terminal) => await writeExport(terminal, runId, { format, output }));
    });
}

function addFollow(program: Command, cli: Cli, withTerminal: WithTerminal): void {
  program
    .command("follow <run>")
    .description("follow an open run, and carry it on when the program that did is gone")
    .addOption(configOption(cli.env))
    .addOption(idTokenOption(cli.env))
    .action(async (runId: string, options: WithConfig) => {
      const { followOpenRun } = await import("./run/start-run.ts");
      await withTerminal(options, async (terminal) => await followOpenRun(terminal, runId));
    });
}

function addRuns(program: Command, cli: Cli, withTerminal: WithTerminal): void {
  program
    .command("runs")
    .description("list runs, newest first")
    .addOption(configOption(cli.env))
    .addOption(jsonOption())
    .option("--limit <number>", "how many", "20")
    .action(async (options: WithConfig & { limit: string }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1) {
        cli.io.err(`sealwatch runs: --limit takes a whole number from 1, not "${options.limit}"`);
        cli.done(EXIT.badInput);
        return;
      }
      const { listRuns } = await import("./subcommands/runs.ts");
      await withTerminal(options, async (terminal) => await listRuns(terminal, { json: options.json, limit }));
    });
}

function addLocks(program: Command, cli: Cli, withTerminal: WithTerminal): void {
  program
    .command("locks")
    .description("list which run has which cluster to itself, since when, and who is in charge of it")
    .addOption(configOption(cli.env))
    .addOption(jsonOption())
    .action(async (options: WithConfig) => {
      const { listLocks } = await import("./subcommands/run-locks.ts");
      await withTerminal(options, async (terminal) => await listLocks(terminal, options));
    });
  program
    .command("break-lock <cluster>")
    .description("take a cluster's lock away from the run that has it (admin); the run's timeline tells of it")
    .addOption(configOption(cli.env))
    .addOption(idTokenOption(cli.env))
    .requiredOption("--reason <text>", "why")
    .addOption(jsonOption())
    .action(async (cluster: string, options: WithConfig & { reason: string }) => {
      const { breakLock } = await import("./subcommands/run-locks.ts");
      await withTerminal(options, async (terminal) => await breakLock(terminal, { ...options, cluster }));
    });
}
