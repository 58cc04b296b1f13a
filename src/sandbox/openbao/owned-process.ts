import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { once } from "node:events";
import process from "node:process";
import { FailureError } from "../../lib/failure.ts";

/** What to run, and the file that its output is appended to. */
export type ProcessOptions = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Where it runs. */
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** A child process that does not outlive us. */
export type OwnedProcess = {
  readonly pid: number;
  /** True until the process was seen to end. */
  readonly running: () => boolean;
  /** Settles when the process has ended, with how: `code 1` or `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Sends a signal and waits for the end. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Sends a signal and does not wait. */
  readonly signal: (signal: NodeJS.Signals) => void;
};

/*
 * The kernel ends the child when we die, however we die: `setpriv` (util-linux) sets PR_SET_PDEATHSIG and then becomes the
 * program, so the pid is the server's own. Elsewhere the exit hook below has to do.
 */
const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

const living = new Set<ChildProcess>();

function killAll(): void {
  for (const child of living) child.kill("SIGKILL");
}

/** Starts a program whose output goes to a file and whose life ends with ours. Throws reason `unreachable` when it cannot run. */
export async function startOwnedProcess(options: ProcessOptions): Promise<OwnedProcess> {
  const child = spawnLogged(options);
  if (living.size === 0) process.once("exit", killAll);
  living.add(child);
  const ended = endOf(child);
  const running = (): boolean => living.has(child);
  return {
    pid: await pidOf(child, options),
    running,
    ended,
    signal: (signal) => void child.kill(signal),
    kill: async (signal = "SIGKILL") => {
      if (running()) child.kill(signal);
      await ended;
    },
  };
}

function spawnLogged({ command, args, logFile, directory, env }: ProcessOptions): ChildProcess {
  const log = openSync(logFile, "a", 0o600);
  try {
    const [file, ...rest] = SETPRIV === undefined ? [command] : [SETPRIV, "--pdeathsig", "KILL", "--", command];
    // Nothing of our environment: a VAULT_ADDR or a proxy of the developer must not reach the server.
    return spawn(file ?? command, [...rest, ...args], {
      stdio: ["ignore", log, log],
      cwd: directory,
      env: { ...env },
    });
  } finally {
    closeSync(log);
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  const how = await new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
    child.once("error", () => resolve("never started"));
  });
  living.delete(child);
  if (living.size === 0) process.off("exit", killAll);
  return how;
}

async function pidOf(child: ChildProcess, { name, command }: ProcessOptions): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  const [error] = (await once(child, "error")) as [Error];
  throw new FailureError(
    {
      reason: "unreachable",
      retryable: false,
      message: `cannot start ${name} from "${command}": ${error.message}; check the path and that it may be executed`,
    },
    { cause: error },
  );
}
