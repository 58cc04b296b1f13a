import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** HostInfo is what the machine of a node says of itself; a part that the server could not read is undefined. */
export type HostInfo = {
  /** Seconds that all processors together spent since they started. */
  readonly cpu:
    { readonly totalSeconds: number; readonly idleSeconds: number; readonly ioWaitSeconds: number } | undefined;
  readonly disks: readonly { readonly path: string; readonly usedPercent: number }[];
  readonly memory:
    | {
        readonly totalBytes: number;
        readonly availableBytes: number;
        /** 0 without swap. */
        readonly swapTotalBytes: number;
        readonly swapFreeBytes: number;
      }
    | undefined;
};

const CpuTimes = z.object({
  user: z.number().default(0),
  system: z.number().default(0),
  idle: z.number().default(0),
  nice: z.number().default(0),
  iowait: z.number().default(0),
  irq: z.number().default(0),
  softirq: z.number().default(0),
  steal: z.number().default(0),
});

const Memory = z.object({
  total: z.number(),
  available: z.number(),
  swaptotal: z.number().default(0),
  swapfree: z.number().default(0),
});

const Disk = z.object({ path: z.string(), usedPercent: z.number() });

/** `GET sys/host-info` (token, `read`): the machine of the node asked; sealed nodes answer 503. */
export const sysHostInfo: Endpoint<HostInfo> = {
  path: "sys/host-info",
  token: "read",
  answer: z
    .object({
      data: z.object({
        cpu_times: z.array(CpuTimes).nullish(),
        disk: z.array(Disk).nullish(),
        memory: Memory.nullish(),
      }),
    })
    .transform(({ data: { cpu_times: times, disk, memory } }) => ({
      cpu: times === null || times === undefined ? undefined : sumOf(times),
      disks: (disk ?? []).map(({ path, usedPercent }) => ({ path, usedPercent })),
      memory: memory === null || memory === undefined ? undefined : memoryOf(memory),
    })),
};

/** Time as a guest is part of the user's time, and not counted twice. */
function sumOf(times: readonly z.infer<typeof CpuTimes>[]): HostInfo["cpu"] {
  const sum = (pick: (each: z.infer<typeof CpuTimes>) => number): number =>
    times.reduce((total, each) => total + pick(each), 0);
  const totalSeconds = sum(
    ({ user, system, idle, nice, iowait, irq, softirq, steal }) =>
      user + system + idle + nice + iowait + irq + softirq + steal,
  );
  return { totalSeconds, idleSeconds: sum(({ idle }) => idle), ioWaitSeconds: sum(({ iowait }) => iowait) };
}

function memoryOf({ total, available, swaptotal, swapfree }: z.infer<typeof Memory>): HostInfo["memory"] {
  return { totalBytes: total, availableBytes: available, swapTotalBytes: swaptotal, swapFreeBytes: swapfree };
}
