import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { ExecCommand, ExecCommands } from "../actions/services.ts";
import type { Timers } from "../lib/clock.ts";
import { runProcess } from "./run-process.ts";

/** Creates the commands of a configuration. */
export function createExecCommands(commands: readonly ExecCommand[], timers: Timers): ExecCommands {
  const isFor = (cluster: string) => (command: ExecCommand) => command.clusters?.includes(cluster) !== false;
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
