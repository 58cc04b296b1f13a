/** Waits for a condition, a turn of the event loop at a time; throws when it does not come within twenty seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const last = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > last) throw new Error(`this never came true: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
