/** What happens to a request instead of an answer; `drop-after-effect` is the crash that leaves everyone guessing. */
export type Fault = "drop-before" | "drop-after-effect" | "500";

/** Faults are waiting for requests; each strikes once. */
export type Faults = {
  /** Lets the next request to a path (without `/v1/`), on any node, fail. */
  readonly failNext: (path: string, fault: Fault) => void;
  /** Takes the fault that waits for a path, if any. */
  readonly take: (path: string) => Fault | undefined;
};

/** Creates an empty list of faults. */
export function createFaults(): Faults {
  const waiting: { readonly path: string; readonly fault: Fault }[] = [];
  return {
    failNext: (path, fault) => {
      waiting.push({ path, fault });
    },
    take: (path) => {
      const index = waiting.findIndex((each) => each.path === path);
      return index === -1 ? undefined : waiting.splice(index, 1)[0]?.fault;
    },
  };
}
