const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** Shortens a pause by up to a half, by chance, so that many instances do not ask at the same moment. */
export function spread(milliseconds: number, chance: () => number): number {
  return milliseconds * (1 - chance() / 2);
}

/** How long to wait after so many failures in a row (0 before the first): doubles from 1 s to 30 s, spread. */
export function backoffMs(failures: number, chance: () => number): number {
  return spread(Math.min(FIRST_MS * 2 ** failures, LONGEST_MS), chance);
}
