/** Serial runs tasks of one key one after the other, and tasks of different keys side by side. */
export type Serial = {
  readonly run: <T>(key: string, task: () => Promise<T>) => Promise<T>;
  /** Resolves when every task that was given so far has ended. */
  readonly idle: () => Promise<void>;
};

/** Creates a `Serial`; it keeps nothing of keys that are idle. */
export function createSerial(): Serial {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run: async (key, task) => {
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(task, task);
      const tail = mine
        .catch(() => {})
        .finally(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return await mine;
    },
    idle: async () => {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
