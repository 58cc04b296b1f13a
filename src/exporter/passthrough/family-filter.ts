import type { Exporter } from "../../config/sections/exporter.ts";

/** What is shown of Vault's own metrics: `exporter.passthrough` of the configuration. */
export type PassthroughConfig = Exporter["passthrough"];

/** Patterns of families' names, in which `*` is any text. */
export type FamilyPatterns = { readonly include: readonly string[]; readonly exclude: readonly string[] };

/**
 * Its label `expiring` is a time, and of its 168 series some are new every hour. The collector `leases` tells the same in three series, so
 * it is shown only to those who spell it out.
 */
const CHURNING = "leases_by_expiration";

/** Creates the test of `include` and `exclude` for a family's name on our page. */
export function createFamilyFilter({ include, exclude }: FamilyPatterns): (name: string) => boolean {
  const isIncluded = include.length === 0 ? () => true : fitsAny(include);
  const isSpeltOut = include.some((pattern) => pattern.includes(CHURNING));
  const isExcluded = fitsAny(isSpeltOut ? exclude : [...exclude, `*_${CHURNING}`]);
  return (name) => isIncluded(name) && !isExcluded(name);
}

/** Creates the test whether a name fits one of these patterns, in which `*` is any text. */
export function fitsAny(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map(createTest);
  return (name) => tests.some((fits) => fits(name));
}

/** Looks for the parts between the stars one behind the other: unlike a regular expression it cannot take long over any pattern. */
function createTest(pattern: string): (name: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return (name) => name === pattern;
  return (name) => {
    if (!name.endsWith(last) || !name.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}
