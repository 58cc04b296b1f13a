import pino, { type DestinationStream } from "pino";
import type { LogFacts, Logger } from "../lib/logger.ts";
import { redact } from "../lib/redact.ts";

/** Creates the program's logger: one JSON line an entry, on stderr unless told otherwise, every string redacted once more. */
export function createLogger(
  level: "debug" | "info" | "warn" | "error",
  destination: DestinationStream = pino.destination(2),
): Logger {
  const log = pino({ level, base: { program: "sealwatch" }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    debug: (message, facts) => log.debug(clean(facts), redact(message)),
    info: (message, facts) => log.info(clean(facts), redact(message)),
    warn: (message, facts) => log.warn(clean(facts), redact(message)),
    error: (message, facts) => log.error(clean(facts), redact(message)),
  };
}

function clean(facts: LogFacts = {}): LogFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === "string" ? redact(value) : value]),
  );
}
