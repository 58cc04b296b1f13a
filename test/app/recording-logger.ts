import type { LogFacts, Logger } from "../../src/lib/logger.ts";

/** A logger that keeps what it is told: level, message and facts. */
export function recordingLogger(): {
  readonly logger: Logger;
  readonly entries: (readonly [string, string, LogFacts])[];
} {
  const entries: (readonly [string, string, LogFacts])[] = [];
  const log =
    (level: string) =>
    (message: string, facts: LogFacts = {}): void =>
      void entries.push([level, message, facts]);
  return { logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") }, entries };
}
