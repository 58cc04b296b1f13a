import type { Collector } from "../exporter/collector.ts";
import type { Logger } from "../lib/logger.ts";

/** CollectorLife begins and ends what collectors do on their own clocks. */
export type CollectorLife = {
  /** Begins the work of those that are used now, and ends that of all others. */
  readonly use: (names: ReadonlySet<string>) => void;
  readonly stop: () => Promise<void>;
};

/** Creates it with nothing begun. What was ended is not begun again in this process: its memory would have a gap that nobody sees. */
export function createCollectorLife(collectors: readonly Collector[], logger: Logger): CollectorLife {
  const working = new Map<string, () => Promise<void>>();
  const ended = new Map<string, Promise<void>>();

  const begin = ({ name, background }: Collector): void => {
    if (background === undefined || working.has(name)) return;
    if (ended.has(name)) {
      logger.warn("a collector that was switched off works again from the next start on", { collector: name });
      return;
    }
    background.start();
    working.set(name, background.stop);
  };
  const end = (name: string): void => {
    const stop = working.get(name);
    if (stop === undefined) return;
    working.delete(name);
    ended.set(name, stop());
  };

  return {
    use: (names) => {
      for (const collector of collectors)
        if (names.has(collector.name)) begin(collector);
        else end(collector.name);
    },
    stop: async () => {
      for (const name of working.keys()) end(name);
      await Promise.all(ended.values());
    },
  };
}
