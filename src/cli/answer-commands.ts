import type { Command } from "commander";
import { viewRun } from "../engine/view.ts";
import { answerWords } from "../engine/answer-words.ts";
import type { LoadedRun, RunRequest } from "../runner/ports.ts";
import type { Actor } from "../access/person.ts";
import { answers, type Answer, type Given } from "./answers.ts";
import { configOption, idTokenOption, jsonOption, type Cli, type WithConfig, type WithTerminal } from "./options.ts";

/** Adds the subcommands by which a person at a terminal answers a run. */
export function addAnswers(program: Command, cli: Cli, withTerminal: WithTerminal): void {
  for (const answer of answers) addAnswer(program, cli, { withTerminal, answer });
  addHandOver(program, cli, withTerminal);
  addAttach(program, cli, withTerminal);
}

type Answering = { readonly withTerminal: WithTerminal; readonly answer: Answer };
type AnswerOptions = WithConfig & {
  readonly reason?: string;
  readonly phrase?: string;
  readonly plan?: string;
  readonly breakGlass?: boolean;
};

/** What stands behind the run in the command line. */
const BEHIND: Readonly<Record<string, string>> = {
  approve: " [gate]",
  reject: " [gate]",
  answer: " [value...]",
  note: " <text...>",
};

function addAnswer(program: Command, cli: Cli, { withTerminal, answer }: Answering): void {
  const command = program
    .command(`${answer.name} <run>${BEHIND[answer.name] ?? ""}`)
    .description(answer.description)
    .addOption(configOption(cli.env))
    .addOption(idTokenOption(cli.env))
    .addOption(jsonOption());
  addOptions(command, answer);
  command.action(async (runId: string, behind: unknown) => {
    const options = command.opts<AnswerOptions>();
    const given = givenBy(options, behind);
    const { askRun } = await import("./run/start-run.ts");
    const make = async (run: LoadedRun["run"], by: Actor): Promise<RunRequest | undefined> =>
      await complete(answer, { run, by, given }, cli);
    await withTerminal(options, async (terminal) => await askRun(terminal, runId, make, options.json));
  });
}

function addOptions(command: Command, { takes }: Answer): void {
  if (takes === "reason") command.requiredOption("--reason <text>", "why");
  if (takes === "reason-if-unknown")
    command.option("--reason <text>", "why; needed when nobody knows what the step's call did");
  if (takes !== "approval") return;
  command
    .option("--phrase <text>", "what the gate asks you to type: the cluster's name")
    .option("--plan <hash>", "first characters of the plan that you saw: another plan is refused")
    .option("--break-glass", "go past the gate alone, where the configuration allows it; needs --reason", false)
    .option("--reason <text>", "why one person must be enough");
}

function givenBy({ reason, phrase, plan, breakGlass }: AnswerOptions, behind: unknown): Given {
  return {
    reason: reason ?? "",
    phrase,
    plan,
    breakGlass: breakGlass === true,
    gate: typeof behind === "string" ? behind : undefined,
    text: Array.isArray(behind) ? behind.join(" ") : "",
  };
}

type Asked = { readonly run: LoadedRun["run"]; readonly by: Actor; readonly given: Given };

/** Asks for what the command line left open, where somebody can be asked. */
async function complete(answer: Answer, { run, by, given }: Asked, cli: Cli): Promise<RunRequest | undefined> {
  if (answer.takes === "approval") {
    const { showGate } = await import("./run/show-gate.ts");
    const phrase = await showGate(cli, run, given);
    return phrase === false ? undefined : answer.request(run, by, { ...given, phrase });
  }
  if (answer.name !== "answer" || given.text !== "" || !cli.io.interactive) return answer.request(run, by, given);
  const { question } = viewRun(run);
  if (question === undefined) return answer.request(run, by, given);
  cli.io.err(`  ${question.text.trim()}`);
  const text = (await cli.io.ask(`  answer (${answerWords(question.answer)})? `, cli.signal))?.trim();
  return text === undefined || text === "" ? undefined : answer.request(run, by, { ...given, text });
}

function addHandOver(program: Command, cli: Cli, withTerminal: WithTerminal): void {
  program
    .command("hand-over <run>")
    .description("put another person in charge of the run")
    .addOption(configOption(cli.env))
    .addOption(idTokenOption(cli.env))
    .requiredOption("--to <name>", "a listed person who is at least responder")
    .addOption(jsonOption())
    .action(async (runId: string, options: WithConfig & { to: string }) => {
      const { handOver } = await import("./run/hand-over.ts");
      const to = { name: options.to, json: options.json };
      await withTerminal(options, async (terminal) => await handOver(terminal, runId, to));
    });
}

function addAttach(program: Command, cli: Cli, withTerminal: WithTerminal): void {
  program
    .command("attach <run> <file>")
    .description("keep a file's digest as evidence, and its text when it is short and holds nothing secret")
    .addOption(configOption(cli.env))
    .addOption(idTokenOption(cli.env))
    .option("--name <text>", "what it is called; default: the file's name")
    .addOption(jsonOption())
    .action(async (runId: string, path: string, options: WithConfig & { name?: string }) => {
      const { attachFile } = await import("./run/attach-file.ts");
      const { name, json } = options;
      await withTerminal(options, async (terminal) => await attachFile(terminal, runId, { path, name, json }));
    });
}
