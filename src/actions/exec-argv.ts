import { shellWord } from "../lib/shell-word.ts";
import type { ActionContext } from "./action.ts";
import { refusedCall } from "./refused-call.ts";
import { requiredService } from "./required-service.ts";
import type { ExecCommand, ExecCommands } from "./services.ts";
import { suggestion } from "../lib/nearest.ts";

/** Which command is meant, and for which node. */
export type ExecInput = { readonly name: string; readonly node?: string | undefined };

/** A configured command with its arguments filled in. */
export type FilledCommand = {
  readonly command: ExecCommand;
  readonly argv: readonly string[];
  readonly verify: readonly string[] | undefined;
};

/**
 * Finds a command and fills in its arguments, each as a whole, from what is configured. Throws reason `refused` when it is not configured for
 * the cluster, a node lacks or is too much, or a value would be read as an option; `not-found` for a node that nobody knows.
 */
export function fillCommand(context: ActionContext, input: ExecInput): FilledCommand {
  const { cluster } = context;
  const command = findCommand(context, input.name);
  const node = input.node === undefined ? undefined : cluster.node(input.node);
  const all = [...command.argv, ...(command.verify?.argv ?? [])];
  const asksForNode = all.includes("{node}") || all.includes("{address}");
  if (asksForNode && node === undefined)
    throw refusedCall(`cannot run ${command.name}: it is about a node; name one in the step's \`with\``);
  if (!asksForNode && node !== undefined)
    throw refusedCall(
      `cannot run ${command.name} for ${node.name}: it is about no node; leave it out of the step's \`with\``,
    );
  const values = { "{cluster}": cluster.name, "{node}": node?.name ?? "", "{address}": node?.address ?? "" };
  const fill = (argv: readonly string[]) => argv.map((argument) => filled(command.name, argument, values));
  return { command, argv: fill(command.argv), verify: command.verify && fill(command.verify.argv) };
}

/** Gives the programs of the configuration; throws reason `refused` when there are none. */
export function requireExec({ cluster, services }: ActionContext): ExecCommands {
  return requiredService(services.exec, {
    task: `run a program for ${cluster.name}`,
    lack: "none is configured",
    advice: "name it under exec",
  });
}

/** Writes arguments as a person would type them; it is only read. */
export function argvText(argv: readonly string[]): string {
  return argv.map((argument) => (argument === "" ? "''" : shellWord(argument))).join(" ");
}

function findCommand(context: ActionContext, name: string): ExecCommand {
  const exec = requireExec(context);
  const { name: cluster } = context.cluster;
  const found = exec.find(cluster, name);
  if (found !== undefined) return found;
  const known = suggestion(name, exec.names(cluster)) || "; name it under exec";
  throw refusedCall(`cannot run ${name} for ${cluster}: no such program is configured for it${known}`);
}

function filled(command: string, argument: string, values: Readonly<Record<string, string>>): string {
  const value = values[argument];
  if (value === undefined) return argument;
  if (!value.startsWith("-") && !/[\p{Cc}]/u.test(value)) return value;
  throw refusedCall(
    `cannot run ${command}: what ${argument} stands for would be read as an option; name the node otherwise`,
  );
}
