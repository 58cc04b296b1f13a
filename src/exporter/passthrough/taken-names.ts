import { sampleNames, type PageFamily } from "./page-family.ts";

/** TakenNames knows which names the samples of summaries and histograms have: no family may have one too. */
export type TakenNames = {
  readonly take: (family: PageFamily) => void;
  readonly isTaken: (name: string) => boolean;
};

/**
 * Creates the taken names, for families that are asked for in the order of their names. `x_count` comes behind `x`, and only names that
 * begin with `x` come between them: families whose name the asked one does not begin with are forgotten.
 */
export function createTakenNames(): TakenNames {
  let families: PageFamily[] = [];
  return {
    take: (family) => {
      families.push(family);
    },
    isTaken: (name) => {
      families = families.filter((family) => name.startsWith(family.name));
      return families.some((family) => sampleNames(family).includes(name));
    },
  };
}
