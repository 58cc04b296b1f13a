import { Option } from "commander";
import { DEFAULT_CONFIG_FILE } from "../config/default-file.ts";
import type { Io } from "./io.ts";
import type { RunTerminal } from "./run/start-run.ts";
import type { Env } from "./settings.ts";

/** What a subcommand works with; `done` takes the exit code. */
export type Cli = {
  readonly io: Io;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly done: (code: number) => void;
};

/** The options of every subcommand about runs. */
export type WithConfig = { readonly config: string; readonly idTokenFile?: string; readonly json: boolean };

/** Opens what a subcommand about runs works with, gives it to a task, and takes the exit code. */
export type WithTerminal = (options: WithConfig, task: (terminal: RunTerminal) => Promise<number>) => Promise<void>;

/** The option of subcommands that somebody in person is behind; a token itself is never an argument, which every process can read. */
export function idTokenOption(env: Env): Option {
  const option = new Option("--id-token-file <file>", "file with an ID token that says who you are (access.oidc)");
  const file = env["SEALWATCH_ID_TOKEN_FILE"];
  return file === undefined || file === "" ? option : option.default(file);
}

/** The option that every subcommand with a configuration takes; the environment may name another default. */
export function configOption(env: Env): Option {
  return new Option("-c, --config <file>", "configuration file").default(
    env["SEALWATCH_CONFIG"] ?? DEFAULT_CONFIG_FILE,
  );
}

/** The option of subcommands whose result programs read too. */
export function jsonOption(): Option {
  return new Option("--json", "print JSON").default(false);
}
