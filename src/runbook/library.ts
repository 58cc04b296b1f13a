import { allIncludes } from "./own-steps.ts";
import type { Runbook } from "./schema.ts";

/** Library is the runbooks of a directory, which may include each other. */
export type Library = {
  /** Every id that there is, those of runbooks that do not parse too. */
  readonly ids: readonly string[];
  /** Gives a runbook that parses. */
  readonly get: (id: string) => Runbook | undefined;
  /** Tells whether a runbook has findings of its own. */
  readonly isBroken: (id: string) => boolean;
};

/** A library without runbooks, for one that stands alone. */
export const EMPTY_LIBRARY: Library = { ids: [], get: () => undefined, isBroken: () => false };

/** Gives every runbook that one includes, directly or through others, by its id; what is missing is left out, and a circle ends. */
export function includedIn(runbook: Runbook, library: Library): Readonly<Record<string, Runbook>> {
  const found = new Map<string, Runbook>();
  const add = (book: Runbook): void => {
    for (const { include } of allIncludes(book)) {
      const inner = library.get(include);
      if (inner === undefined || found.has(include)) continue;
      found.set(include, inner);
      add(inner);
    }
  };
  add(runbook);
  const byId = [...found].sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(byId);
}

/**
 * Adds up something along every way through what a runbook includes. Each runbook is looked at once, so that runbooks which include each
 * other many times cost nothing; inside a circle, which another rule refuses, an include counts as `own` of nothing.
 */
export function foldIncludes(
  library: Library,
  own: (runbook: Runbook, inner: (id: string) => number) => number,
): (id: string) => number {
  const known = new Map<string, number>();
  const inner = (id: string): number => {
    const held = known.get(id);
    if (held !== undefined) return held;
    known.set(id, 0);
    const runbook = library.get(id);
    const value = runbook === undefined ? 0 : own(runbook, inner);
    known.set(id, value);
    return value;
  };
  return inner;
}
