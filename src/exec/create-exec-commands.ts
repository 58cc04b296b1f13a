import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { Timers } from "../lib/clock.ts";
import { runProcess, type EndedProcess } from "./run-process.ts";

/** A program that the configuration names. */
export type NamedCommand = {
  readonly name: string;
  readonly description: string;
  readonly argv: readonly string[];
  /** Undefined: for every cluster. */
  readonly clusters: readonly string[] | undefined;
  readonly directory: string;
  readonly timeoutMs: number;
  readonly verify:
    { readonly argv: readonly string[]; readonly notDone: readonly number[]; readonly timeoutMs: number } | undefined;
};

type Options = { readonly signal: AbortSignal };

/** ExecCommands finds configured programs and runs them; the arguments come filled in. */
export type ExecCommands = {
  readonly names: (cluster: string) => readonly string[];
  readonly find: (cluster: string, name: string) => NamedCommand | undefined;
  /** Whether a program is there and may be run by us. */
  readonly isExecutable: (program: string, options: Options) => Promise<boolean>;
  /** Runs a command, which may change anything. */
  readonly run: (command: NamedCommand, argv: readonly string[], options: Options) => Promise<EndedProcess>;
  /** Runs what looks for a command's effect. */
  readonly verify: (command: NamedCommand, argv: readonly string[], options: Options) => Promise<EndedProcess>;
};

/** Creates the commands of a configuration. */
export function createExecCommands(commands: readonly NamedCommand[], timers: Timers): ExecCommands {
  const isFor = (cluster: string) => (command: NamedCommand) => command.clusters?.includes(cluster) !== false;
  return {
    names: (cluster) => commands.filter(isFor(cluster)).map(({ name }) => name),
    find: (cluster, wanted) => commands.filter(isFor(cluster)).find(({ name }) => name === wanted),
    isExecutable,
    run: async ({ directory, timeoutMs }, argv, { signal }) =>
      await runProcess({ argv, directory, timeoutMs, timers, signal }),
    verify: async ({ directory, verify }, argv, { signal }) =>
      await runProcess({ argv, directory, timeoutMs: verify?.timeoutMs ?? 0, timers, signal }),
  };
}

async function isExecutable(program: string): Promise<boolean> {
  try {
    await access(program, constants.X_OK);
    return (await stat(program)).isFile();
  } catch {
    return false;
  }
}
