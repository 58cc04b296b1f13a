import type { HostInfo } from "../vault/endpoints/sys-host-info.ts";

/** Host is how a machine did, in percent; undefined is what it does not tell. */
export type Host = {
  /** Its processors at work, and waiting for a disk: time in which they could do nothing else. */
  readonly busyPercent: number | undefined;
  readonly ioWaitPercent: number | undefined;
  readonly availableMemoryPercent: number | undefined;
  readonly usedSwapPercent: number | undefined;
  readonly fullestDisk: { readonly path: string; readonly usedPercent: number } | undefined;
};

/** Tells how a machine did between two looks at it; undefined when it could not be looked at. */
export function hostBetween(before: HostInfo | undefined, after: HostInfo | undefined): Host | undefined {
  const last = after ?? before;
  if (last === undefined) return undefined;
  const { memory } = last;
  return {
    ...cpuBetween(before?.cpu, after?.cpu),
    availableMemoryPercent: memory === undefined ? undefined : percent(memory.availableBytes, memory.totalBytes),
    usedSwapPercent:
      memory === undefined ? undefined : percent(memory.swapTotalBytes - memory.swapFreeBytes, memory.swapTotalBytes),
    fullestDisk: [...last.disks].sort((left, right) => right.usedPercent - left.usedPercent)[0],
  };
}

function cpuBetween(before: HostInfo["cpu"], after: HostInfo["cpu"]): Pick<Host, "busyPercent" | "ioWaitPercent"> {
  const total = (after?.totalSeconds ?? 0) - (before?.totalSeconds ?? 0);
  if (before === undefined || after === undefined || total <= 0)
    return { busyPercent: undefined, ioWaitPercent: undefined };
  const idle = after.idleSeconds - before.idleSeconds;
  const ioWait = after.ioWaitSeconds - before.ioWaitSeconds;
  return { busyPercent: percent(total - idle - ioWait, total), ioWaitPercent: percent(ioWait, total) };
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(100, Math.max(0, (part / whole) * 100));
}
