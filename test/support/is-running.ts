import { readFileSync } from "node:fs";

/** Whether a process runs. One that ended but that nobody has waited for yet (a zombie, as in a container without init) does not. */
export function isRunning(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // The state follows the program's name, which stands in brackets and may contain anything.
    return !/\) [ZX] /u.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}
