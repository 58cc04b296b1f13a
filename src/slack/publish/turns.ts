/** Turns runs works of one name one after another, and works of different names side by side. */
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Makes turns of which none is taken. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => {});
    last.set(name, settled);
    try {
      return await mine;
    } finally {
      if (last.get(name) === settled) last.delete(name);
    }
  };
}
