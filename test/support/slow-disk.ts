import { spawn } from "node:child_process";
import { once } from "node:events";
import { requireBinary } from "./binaries.ts";

/** A process whose every fdatasync takes longer: what a worn or busy disk does. */
export type SlowDisk = AsyncDisposable & { readonly mend: () => Promise<void> };

/** Makes the disk of a process slow (`strace` delays the calls by which it waits for its disk, and nothing else). */
export function slowDownDisk(pid: number, milliseconds: number): SlowDisk {
  const calls = "fsync,fdatasync";
  const child = spawn(
    requireBinary("strace"),
    [
      "-f",
      "-qq",
      "-o",
      "/dev/null",
      "-e",
      `trace=${calls}`,
      "-e",
      `inject=${calls}:delay_enter=${milliseconds * 1000}`,
      "-p",
      String(pid),
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit");
  const mend = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  return { mend, [Symbol.asyncDispose]: mend };
}
