import { spawn, type ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A process of the chaos suite that lives until it is killed. */
export type RunnerProcess = {
  readonly pid: number;
  /** Its holder, once it carries runs; undefined when it ended before (the database may be down). */
  readonly begun: Promise<string | undefined>;
  readonly ended: Promise<void>;
  readonly signal: (name: "SIGKILL" | "SIGSTOP" | "SIGCONT") => void;
};

/** Starts a process; `args` are those of chaos-runner.ts. */
export function startRunner(args: readonly string[]): RunnerProcess {
  const script = new URL("chaos-runner.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    // A thousand processes start: what was compiled once is not compiled again.
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: join(tmpdir(), "sealwatch-chaos-cache") },
  });
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const begun = Promise.race([firstLine(child), ended.then(() => undefined)]);
  return { pid: child.pid ?? 0, begun, ended, signal: (name) => void child.kill(name) };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface({ input: child.stdout })) return line;
  return undefined;
}
