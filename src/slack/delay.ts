/** Waits some milliseconds; ends early, without an error, when the signal ends. Tests give one that does not wait. */
export type Delay = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Waits by a timer. */
export const realDelay: Delay = async (milliseconds, signal) => {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
};
