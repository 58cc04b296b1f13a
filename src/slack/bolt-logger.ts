import { LogLevel, type Logger as BoltLogger } from "@slack/bolt";
import type { Logger } from "../lib/logger.ts";
import { redact } from "../lib/redact.ts";

/**
 * Writes Bolt's warnings and errors into our log. Its debug level would print whole payloads, so it is never on, whatever level
 * anybody sets.
 */
export function boltLogger(logger: Logger): BoltLogger {
  const words = (parts: readonly unknown[]): string =>
    redact(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" "));
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => logger.warn("slack library warns", { text: words(parts) }),
    error: (...parts) => logger.error("slack library reports an error", { text: words(parts) }),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
