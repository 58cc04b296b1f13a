/** Cleanup ends what was begun, last begun first; every task runs even when one fails. */
export type Cleanup = { readonly add: (task: () => Promise<void> | void) => void; readonly run: () => Promise<void> };

/** Creates an empty cleanup stack; `run` may be called twice and does the work once. */
export function createCleanup(): Cleanup {
  const tasks: (() => Promise<void> | void)[] = [];
  return {
    add: (task) => void tasks.push(task),
    run: async () => {
      const failures: unknown[] = [];
      for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
        try {
          await task();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, "not everything could be ended");
    },
  };
}
