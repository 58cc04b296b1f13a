import type { ExecCommand, ExecCommands } from "../actions/services.ts";
import type { Timers } from "../lib/clock.ts";
import { runProcess } from "./run-process.ts";

/** What running programs needs of the machine: a clock that waits, and whether we may run a file. */
export type Machine = { readonly timers: Timers; readonly isProgram: (path: string) => Promise<boolean> };

/** Creates the commands of a configuration. */
export function createExecCommands(commands: readonly ExecCommand[], { timers, isProgram }: Machine): ExecCommands {
  const isFor = (cluster: string) => (command: ExecCommand) => command.clusters?.includes(cluster) !== false;
  return {
    names: (cluster) => commands.filter(isFor(cluster)).map(({ name }) => name),
    find: (cluster, wanted) => commands.filter(isFor(cluster)).find(({ name }) => name === wanted),
    isExecutable: isProgram,
    run: async ({ directory, timeoutMs }, argv, { signal }) =>
      await runProcess({ argv, directory, timeoutMs, timers, signal }),
    verify: async ({ directory, verify }, argv, { signal }) =>
      await runProcess({ argv, directory, timeoutMs: verify?.timeoutMs ?? 0, timers, signal }),
  };
}
