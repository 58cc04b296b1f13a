/** Waiters are those who wait for one moment. */
export type Waiters = {
  readonly wait: () => Promise<void>;
  /** The moment has come for all who wait now. */
  readonly release: () => void;
  readonly some: () => boolean;
};

/** Makes an empty waiting room. */
export function createWaiters(): Waiters {
  let waiting: (() => void)[] = [];
  return {
    wait: async () => await new Promise<void>((resolve) => waiting.push(resolve)),
    release: () => {
      const all = waiting;
      waiting = [];
      for (const resolve of all) resolve();
    },
    some: () => waiting.length > 0,
  };
}
