import { enveloped } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { RouteContext } from "./route.ts";

const GIB = 2 ** 30;

/** Answers `sys/host-info`: two processors that work a tenth of the time, or nearly all of it, a disk that has room, or none, and memory likewise. */
export function hostAnswer({ state, node, now }: RouteContext): SimulatedAnswer {
  const { cpuBusy, diskFull } = node;
  const seconds = now / 1000;
  const busy = cpuBusy ? 0.97 : 0.1;
  const times = { user: seconds * busy, system: 0, idle: seconds * (1 - busy), nice: 0, iowait: 0, irq: 0, softirq: 0 };
  const usedPercent = diskFull ? 99.6 : 41.5;
  return enveloped({
    timestamp: new Date(now).toISOString(),
    cpu_times: ["cpu0", "cpu1"].map((cpu) => ({ cpu, ...times, steal: 0, guest: 0, guestNice: 0 })),
    disk: [
      {
        path: "/vault/data",
        fstype: "xfs",
        total: 100 * GIB,
        free: Math.round((100 - usedPercent) * GIB),
        used: Math.round(usedPercent * GIB),
        usedPercent,
      },
    ],
    host: { hostname: "simulated", os: "linux" },
    memory: memoryOf(state.system.slowness === "memory" ? 16 / 50 : 9),
  });
}

function memoryOf(availableGib: number): Readonly<Record<string, number>> {
  const total = 16 * GIB;
  const available = Math.round(availableGib * GIB);
  const usedPercent = 100 - (available / total) * 100;
  return { total, available, used: total - available, usedPercent, swaptotal: 0, swapfree: 0 };
}
