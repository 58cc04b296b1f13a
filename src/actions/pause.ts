import type { ActionContext } from "./action.ts";

/**
 * Waits so many milliseconds, or until the signal ends: by the machine's clock, or by that of the services (a rehearsal's). No time at all when
 * there is none left.
 */
export async function pause(
  { services, signal }: Pick<ActionContext, "services" | "signal">,
  milliseconds: number,
): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  if (services.pause !== undefined) return await services.pause(milliseconds, { signal });
  // A signal that ends by itself is the one way to wait that needs no timer of this ring's own.
  const { promise, resolve } = Promise.withResolvers<void>();
  AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]).addEventListener("abort", () => resolve(), {
    once: true,
  });
  await promise;
}
