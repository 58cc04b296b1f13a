import type { Command } from "commander";
import { answers, type Answer } from "./answers.ts";
import { EXIT } from "./io.ts";
import { configOption, type Cli } from "./options.ts";
import type { RunTerminal } from "./run/start-run.ts";

type WithConfig = { readonly config: string };
type WithTerminal = (options: WithConfig, task: (terminal: RunTerminal) => Promise<number>) => Promise<void>;

/** Adds the subcommands about runs: the terminal has everything that Slack has. */
export function addRunCommands(program: Command, cli: Cli): void {
  const withTerminal: WithTerminal = async ({ config }, task) => {
    const { settingsFor } = await import("./settings.ts");
    const settings = await settingsFor(cli.io, config, cli.env);
    cli.done(
      settings === undefined ? EXIT.badInput : await task({ io: cli.io, settings, env: cli.env, signal: cli.signal }),
    );
  };
  addRun(program, cli, withTerminal);
  addRuns(program, cli, withTerminal);
  for (const answer of answers) addAnswer(program, cli, { withTerminal, answer });
}

function addRun(program: Command, cli: Cli, withTerminal: WithTerminal): void {
  const run = program
    .command("run")
    .argument("<runbook>")
    .argument("[inputs...]", "name=value")
    .description("start a runbook here, for instance: run sealed-node cluster=prod node=vault-2")
    .addOption(configOption(cli.env))
    .action(async (runbook: string, inputs: readonly string[], options: WithConfig) => {
      const { startRun } = await import("./run/start-run.ts");
      await withTerminal(options, async (terminal) => await startRun(terminal, runbook, inputs));
    });
  run
    .command("verify <run>")
    .description("recompute the chain of a run's timeline; exit code 1 when an entry was changed")
    .addOption(configOption(cli.env))
    .action(async (runId: string, _options: WithConfig, command: Command) => {
      const { verifyRun } = await import("./subcommands/runs.ts");
      await withTerminal(command.optsWithGlobals<WithConfig>(), async (terminal) => await verifyRun(terminal, runId));
    });
  program
    .command("follow <run>")
    .description("follow an open run, and carry it on when the program that did is gone")
    .addOption(configOption(cli.env))
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
    .option("--json", "print JSON", false)
    .option("--limit <number>", "how many", "20")
    .action(async (options: WithConfig & { json: boolean; limit: string }) => {
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

type Answering = { readonly withTerminal: WithTerminal; readonly answer: Answer };
type AnswerOptions = WithConfig & { readonly reason?: string; readonly phrase?: string };

function addAnswer(program: Command, cli: Cli, { withTerminal, answer }: Answering): void {
  const command = program
    .command(`${answer.name} <run>${answer.name === "approve" || answer.name === "reject" ? " [gate]" : ""}`)
    .description(answer.description)
    .addOption(configOption(cli.env));
  if (answer.takes === "reason") command.requiredOption("--reason <text>", "why");
  if (answer.takes === "phrase")
    command.option("--phrase <text>", "what the gate asks you to type: the cluster's name");
  command.action(async (runId: string, ...rest: readonly unknown[]) => {
    const options = command.opts<AnswerOptions>();
    const gate = typeof rest[0] === "string" ? rest[0] : undefined;
    const given = { reason: options.reason ?? "", phrase: options.phrase, gate };
    const { askRun } = await import("./run/start-run.ts");
    const { askApproval } = await import("./run/ask-approval.ts");
    await withTerminal(
      options,
      async (terminal) =>
        await askRun(terminal, runId, async (run, by) => {
          if (answer.takes !== "phrase" || given.phrase !== undefined || !cli.io.interactive || run.status !== "open")
            return answer.request(run, by, given);
          const phrase = await askApproval(cli.io, run, cli.signal);
          return phrase === undefined ? undefined : answer.request(run, by, { ...given, phrase });
        }),
    );
  });
}
