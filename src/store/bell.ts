/** Bell wakes those of this process who wait for something to be noted in the outbox. */
export type Bell = {
  readonly ring: () => void;
  /** As `Outbox.watch`. */
  readonly watch: (listener: () => void) => () => void;
};

/** Makes a bell that nobody listens to yet. */
export function createBell(): Bell {
  const listeners = new Set<() => void>();
  return {
    ring: () => {
      for (const listener of listeners) listener();
    },
    watch: (listener) => {
      // A listener of its own each time: whoever listens twice ends each for itself.
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
