import { redact } from "../lib/redact.ts";
import { createLineReader } from "./line-reader.ts";

/** Io is the terminal: what a subcommand prints and asks. Everything printed is redacted once more. */
export type Io = {
  /** Prints a line for the reader of the result. */
  readonly out: (line: string) => void;
  /**
   * Prints text as it is, for files that are made by redirecting: a bare SHA-256 has the form of a key share, and redacting it would break
   * what is verified by it. Only for text in which secrets were looked for before.
   */
  readonly exact: (text: string) => void;
  /** Prints a line for the human beside it: progress, errors. */
  readonly err: (line: string) => void;
  /** Asks and gives the answer; undefined when nobody can be asked, the input ended or the signal did. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Whether colours and questions make sense. */
  readonly interactive: boolean;
};

/** Exit codes: fine, it did not work, the input is wrong. */
export const EXIT = { fine: 0, failed: 1, badInput: 2 } as const;

/** The real terminal. */
export function createTerminal(): Io {
  return {
    out: (line) => void process.stdout.write(`${redact(line)}\n`),
    exact: (text) => void process.stdout.write(text),
    err: (line) => void process.stderr.write(`${redact(line)}\n`),
    ask: createLineReader(process.stdin, process.stderr).ask,
    interactive: process.stdin.isTTY && process.stderr.isTTY,
  };
}
