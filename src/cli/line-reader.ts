import { createInterface, type Interface } from "node:readline";

/** LineReader reads lines from a stream, one for each question; a line that came before its question is not lost. */
export type LineReader = {
  /** Gives the next line; undefined when the input ended or the signal did. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>;
};

/** Creates a reader that opens its streams at the first question. Ctrl-C goes to the process, as without a reader. */
export function createLineReader(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): LineReader {
  const buffered: string[] = [];
  let lines: Interface | undefined;
  let waiting: ((line: string | undefined) => void) | undefined;
  let ended = false;
  const open = (): Interface => {
    const opened = createInterface({ input, output });
    opened.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    opened.on("line", (line) => {
      if (waiting === undefined) buffered.push(line);
      else waiting(line);
    });
    opened.on("close", () => {
      ended = true;
      waiting?.(undefined);
    });
    return opened;
  };
  return {
    ask: async (question, signal) => {
      lines ??= open();
      const early = buffered.shift();
      if (early !== undefined) return early;
      if (ended || signal.aborted) return undefined;
      lines.setPrompt(question);
      lines.prompt();
      return await new Promise<string | undefined>((resolve) => {
        const done = (line: string | undefined): void => {
          waiting = undefined;
          signal.removeEventListener("abort", stop);
          resolve(line);
        };
        const stop = (): void => done(undefined);
        waiting = done;
        signal.addEventListener("abort", stop, { once: true });
      });
    },
  };
}
