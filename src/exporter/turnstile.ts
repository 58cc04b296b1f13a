/** Turnstile lets so many in at once; `enter` gives the function by which one leaves, or undefined when it is full. */
export type Turnstile = { readonly enter: (key: string) => (() => void) | undefined };

/** How many may be inside at once: of one key, and of all together. */
export type TurnstileLimits = { readonly perKey: number; readonly together: number };

/** Creates an empty turnstile. */
export function createTurnstile({ perKey, together }: TurnstileLimits): Turnstile {
  const inside = new Map<string, number>();
  let all = 0;
  return {
    enter: (key) => {
      const same = inside.get(key) ?? 0;
      if (same >= perKey || all >= together) return undefined;
      inside.set(key, same + 1);
      all++;
      return () => {
        const left = (inside.get(key) ?? 1) - 1;
        if (left === 0) inside.delete(key);
        else inside.set(key, left);
        all--;
      };
    },
  };
}
