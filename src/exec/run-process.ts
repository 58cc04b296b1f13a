import { spawn, type ChildProcess } from "node:child_process";
import process from "node:process";
import type { ProcessEnd } from "../actions/services.ts";
import { FailureError } from "../lib/failure.ts";
import type { Timers } from "../lib/clock.ts";
import { createOutputTail } from "./output-tail.ts";

/** What to run: a program by its path and its arguments, each as it is. */
export type ProcessOptions = {
  readonly argv: readonly string[];
  readonly directory: string;
  readonly timeoutMs: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
};

/** Nothing of ours: the environment of this program holds tokens. */
const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" };

/** What goes on in the background may hold the output open: nobody waits for it longer than this. */
const LAST_WORDS_MS = 1000;

/** Between being asked to end and being killed. */
const GRACE_MS = 3000;

/**
 * Runs a process without a shell, in a group of its own, with nothing on its standard input. When its time is over, or the signal ends, the
 * whole group is asked to end and then killed. Throws reason `refused` when it could not begin, `aborted` when the signal ended it.
 */
export async function runProcess({ argv, directory, timeoutMs, timers, signal }: ProcessOptions): Promise<ProcessEnd> {
  const [program = "", ...args] = argv;
  if (signal.aborted) throw aborted(program);
  const child = spawn(program, args, {
    shell: false,
    detached: true,
    cwd: directory,
    env: ENVIRONMENT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const tail = createOutputTail();
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => tail.push(piece));
  const end = endGroup(child, timers);
  let timedOut = false;
  const cancel = timers.after(timeoutMs, () => {
    timedOut = true;
    end.begin();
  });
  signal.addEventListener("abort", end.begin, { once: true });
  try {
    const { exitCode, endedBy } = await ended(child, program, timers);
    if (signal.aborted) throw aborted(program);
    const { text: output, cut } = tail.text();
    return { exitCode, endedBy, timedOut, output, cut };
  } finally {
    cancel();
    end.finish();
    signal.removeEventListener("abort", end.begin);
  }
}

type GroupEnd = { readonly begin: () => void; readonly finish: () => void };

/** What the process started is in its group, and outlives it: the group is killed even when the process itself has ended. */
function endGroup(child: ChildProcess, timers: Timers): GroupEnd {
  let cancel: (() => void) | undefined;
  const send = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group has ended.
    }
  };
  const kill = (): void => {
    send("SIGKILL");
    // A child that left the group may hold the pipes open for ever.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  return {
    begin: () => {
      if (cancel !== undefined) return;
      send("SIGTERM");
      cancel = timers.after(GRACE_MS, kill);
    },
    finish: () => {
      if (cancel === undefined) return;
      cancel();
      kill();
    },
  };
}

async function ended(
  child: ChildProcess,
  program: string,
  timers: Timers,
): Promise<Pick<ProcessEnd, "exitCode" | "endedBy">> {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<ProcessEnd, "exitCode" | "endedBy">>();
  child.once("error", (error) => reject(cannotBegin(program, error)));
  let cancel = (): void => {};
  child.once("exit", (code, signal) => {
    const end = { exitCode: code ?? -1, endedBy: signal ?? "" };
    cancel = timers.after(LAST_WORDS_MS, () => resolve(end));
    child.once("close", () => resolve(end));
  });
  const end = await promise;
  cancel();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return end;
}

function cannotBegin(program: string, error: Error): FailureError {
  const { code = "unknown" } = error as NodeJS.ErrnoException;
  return new FailureError(
    {
      reason: "refused",
      retryable: false,
      message: `cannot run ${program}: ${code}; check that it and its directory are there and that sealwatch may run it`,
    },
    { cause: error },
  );
}

function aborted(program: string): FailureError {
  return new FailureError({
    reason: "aborted",
    retryable: false,
    message: `cannot end ${program}: the step's time was over or its run was aborted, and it was ended with all that it started; look what it did`,
  });
}
