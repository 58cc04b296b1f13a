import { hostname } from "node:os";
import { isNativeError } from "node:util/types";
import type { Timestamp } from "../lib/clock.ts";

/** A holder that was not heard of for this long is dead. */
export const HOLDER_TTL_MS = 30_000;

const HOLDER = /^(?<host>.+):(?<pid>[1-9]\d*):[^:]+$/u;

/** Machine is what a holder's liveness is judged by: the name of this host, and whether a process of it exists. */
export type Machine = { readonly host: string; readonly processExists: (pid: number) => boolean };

/** The machine that this process runs on. */
export const thisMachine: Machine = { host: hostname(), processExists };

/**
 * Says whether a holder (`host:pid:random`) lives: it was heard of in the last 30 s, and its process is not known to be gone. Only a process of
 * this host can be known to be gone, so `host` must name one space of process ids (a pod's name does; a node's name shared by containers does not).
 */
export function holderLives(
  holder: string,
  seen: { beatAt: Timestamp | undefined; at: Timestamp },
  machine: Machine,
): boolean {
  if (seen.beatAt === undefined || seen.at - seen.beatAt > HOLDER_TTL_MS) return false;
  const parts = HOLDER.exec(holder)?.groups;
  if (parts?.["host"] !== machine.host) return true;
  return machine.processExists(Number(parts["pid"]));
}

function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to someone else. Only ESRCH proves that it is gone.
    return !(isNativeError(error) && "code" in error && error.code === "ESRCH");
  }
}
