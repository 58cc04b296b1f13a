import type { Finding } from "../lib/finding.ts";

/** Makes the finding about a file that cannot be read, with the system's code (`ENOENT`, `EACCES`); never the system's sentence. */
export function unreadableFile(file: string, error: unknown, advice = ""): Finding {
  const message = `cannot be read (${errorCode(error) ?? "unknown error"})${advice}`;
  return { file, line: 1, column: 1, rule: "unreadable", message };
}

/** Gives the system's code of an error, for instance `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
