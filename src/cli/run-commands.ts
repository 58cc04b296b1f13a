import type { Command } from "commander";
import { EXIT } from "./io.ts";
import { configOption, type Cli } from "./options.ts";
import type { RunTerminal } from "./run/start-run.ts";

type WithConfig = { readonly config: string };

/** Adds the subcommands about runs: the terminal has everything that Slack has. */
export function addRunCommands(program: Command, cli: Cli): void {
  const withTerminal = async (
    { config }: WithConfig,
    task: (terminal: RunTerminal) => Promise<number>,
  ): Promise<void> => {
    const { settingsFor } = await import("./settings.ts");
    const settings = await settingsFor(cli.io, config, cli.env);
    cli.done(
      settings === undefined ? EXIT.badInput : await task({ io: cli.io, settings, env: cli.env, signal: cli.signal }),
    );
  };
  program
    .command("run <runbook> [inputs...]")
    .description("start a runbook here, for instance: run sealed-node cluster=prod node=vault-2")
    .addOption(configOption(cli.env))
    .action(async (runbook: string, inputs: readonly string[], options: WithConfig) => {
      await withTerminal(
        options,
        async (terminal) => await (await import("./run/start-run.ts")).startRun(terminal, runbook, inputs),
      );
    });
  program
    .command("follow <run>")
    .description("follow an open run, and carry it on when the program that did is gone")
    .addOption(configOption(cli.env))
    .action(async (run: string, options: WithConfig) => {
      await withTerminal(
        options,
        async (terminal) => await (await import("./run/start-run.ts")).followOpenRun(terminal, run),
      );
    });
  program
    .command("runs")
    .description("list runs, newest first")
    .addOption(configOption(cli.env))
    .option("--json", "print JSON", false)
    .option("--limit <number>", "how many", "20")
    .option("--verify <run>", "recompute the chain of a run's timeline")
    .action(async (options: WithConfig & { json: boolean; limit: string; verify?: string }) => {
      await withTerminal(options, async (terminal) => {
        if (options.verify !== undefined)
          return await (await import("./subcommands/runs.ts")).verifyRun(terminal, options.verify);
        const limit = Number(options.limit);
        if (!Number.isInteger(limit) || limit < 1) {
          cli.io.err(`sealwatch runs: --limit takes a whole number from 1, not "${options.limit}"`);
          return EXIT.badInput;
        }
        return await (await import("./subcommands/runs.ts")).listRuns(terminal, { json: options.json, limit });
      });
    });
  addAnswers(program, cli, withTerminal);
}

function addAnswers(
  program: Command,
  cli: Cli,
  withTerminal: (options: WithConfig, task: (terminal: RunTerminal) => Promise<number>) => Promise<void>,
): void {
  program
    .command("approve <run> <gate>")
    .description("say yes at a gate, as the user of this terminal")
    .addOption(configOption(cli.env))
    .option("--phrase <text>", "what the gate asks you to type: the cluster's name")
    .action(async (runId: string, gateId: string, options: WithConfig & { phrase?: string }) => {
      const phrase = options.phrase === undefined ? {} : { phrase: options.phrase };
      await withTerminal(
        options,
        async (terminal) =>
          await (
            await import("./run/start-run.ts")
          ).askRun(terminal, runId, (by) => ({ type: "approve", runId, gateId, by, ...phrase })),
      );
    });
  program
    .command("reject <run> <gate>")
    .description("say no at a gate")
    .addOption(configOption(cli.env))
    .requiredOption("--reason <text>", "why")
    .action(async (runId: string, gateId: string, options: WithConfig & { reason: string }) => {
      const { reason } = options;
      await withTerminal(
        options,
        async (terminal) =>
          await (
            await import("./run/start-run.ts")
          ).askRun(terminal, runId, (by) => ({ type: "reject", runId, gateId, by, reason })),
      );
    });
  program
    .command("abort <run>")
    .description("end a run, in whatever state it is")
    .addOption(configOption(cli.env))
    .requiredOption("--reason <text>", "why")
    .action(async (runId: string, options: WithConfig & { reason: string }) => {
      const { reason } = options;
      await withTerminal(
        options,
        async (terminal) =>
          await (
            await import("./run/start-run.ts")
          ).askRun(terminal, runId, (by) => ({ type: "abort", runId, by, reason })),
      );
    });
}
