/**
 * What goes wrong with the next call of a method: an answer with a status and no effect, a Slack error, or the nasty kinds:
 * the effect happens and the answer is a 500 (`after-effect`), the connection breaks before anybody can tell (`drop-after-effect`), or
 * nothing happens and no answer ever comes (`silent`).
 */
export type Fault =
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly error: string }
  | "after-effect"
  | "drop-after-effect"
  | "silent";

/** Faults holds what shall go wrong, by method, first in first out. */
export type Faults = {
  readonly failNext: (method: string, fault: Fault) => void;
  /** Takes the next fault of a method away and gives it. */
  readonly take: (method: string) => Fault | undefined;
};

/** Makes an empty list of faults. */
export function createFaults(): Faults {
  const waiting = new Map<string, Fault[]>();
  return {
    failNext: (method, fault) => {
      waiting.set(method, [...(waiting.get(method) ?? []), fault]);
    },
    take: (method) => waiting.get(method)?.shift(),
  };
}
