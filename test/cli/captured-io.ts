import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

/** A terminal that keeps what is printed, and is asked by nobody unless a test gives answers. */
export type CapturedIo = { readonly io: Io; readonly out: string[]; readonly err: string[] };

/** Creates a terminal; with `ask` it is interactive. */
export function captureIo(ask?: Io["ask"]): CapturedIo {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => void out.push(line),
    exact: (text) => void out.push(text),
    err: (line) => void err.push(line),
    ask: ask ?? (async () => undefined),
    interactive: ask !== undefined,
  };
  return { io, out, err };
}

/** Calls the program with arguments and gives what it printed with its exit code. */
export async function call(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { io, out, err } = captureIo();
  const code = await main(args, { io, env, signal: new AbortController().signal });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
