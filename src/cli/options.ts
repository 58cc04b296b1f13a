import { Option } from "commander";
import { DEFAULT_CONFIG_FILE } from "../config/default-file.ts";
import type { Io } from "./io.ts";
import type { Env } from "./settings.ts";

/** What a subcommand works with; `done` takes the exit code. */
export type Cli = {
  readonly io: Io;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly done: (code: number) => void;
};

/** The option that every subcommand with a configuration takes; the environment may name another default. */
export function configOption(env: Env): Option {
  return new Option("-c, --config <file>", "configuration file").default(
    env["SEALWATCH_CONFIG"] ?? DEFAULT_CONFIG_FILE,
  );
}
