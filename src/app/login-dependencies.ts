import { readSecret } from "../config/secret-source.ts";
import type { Logger } from "../lib/logger.ts";
import type { LoginDependencies } from "../vault/cluster-tokens.ts";
import { systemChance, systemClock, systemTimers } from "./system.ts";

/** Gives what a cluster needs to log in by itself (`clusters[].auth`). */
export function loginDependencies(
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): LoginDependencies {
  return {
    clock: systemClock,
    timers: systemTimers,
    random: systemChance,
    readSecret: async (source) => await readSecret(source, { env }),
    logger,
  };
}
