import type { Logger } from "../lib/logger.ts";

/** Work is what goes on after its ack. */
export type Work = {
  readonly track: (one: Promise<void>) => void;
  /** Resolves when nothing is left, also of what came meanwhile. */
  readonly done: () => Promise<void>;
};

/** Makes an empty list of work; what rejects is logged by its kind, for its words may hold what a person wrote. */
export function createWork(logger: Logger): Work {
  const all = new Set<Promise<void>>();
  return {
    track: (one) => {
      const settled: Promise<void> = one
        .catch((error: unknown) =>
          logger.error("cannot read a slack interaction", { error: error instanceof Error ? error.name : "unknown" }),
        )
        .finally(() => all.delete(settled));
      all.add(settled);
    },
    done: async () => {
      while (all.size > 0) await Promise.all(all);
    },
  };
}
