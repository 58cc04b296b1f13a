import { spawn } from "node:child_process";
import { once } from "node:events";
import { packageRoot } from "../../src/app/package-files.ts";

/** Child is a Node process that a test started. */
export type Child = AsyncDisposable & {
  readonly output: () => string;
  readonly hasEnded: () => boolean;
  readonly signal: (name: "SIGTERM" | "SIGINT") => void;
  /** Gives the exit code once it ended by itself or by a signal. */
  readonly ended: Promise<number | null>;
};

/** Starts Node with arguments, in the repository and with nothing of the test's environment but PATH; disposal kills it. */
export function startNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, [...args], {
    cwd: packageRoot,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => void chunks.push(chunk));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    output: () => chunks.join(""),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    signal: (name) => void child.kill(name),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
