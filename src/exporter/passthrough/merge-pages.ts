import { isLeaderOnly } from "./leader-only.ts";
import type { NodePage } from "./node-page.ts";
import type { PageFamily } from "./page-family.ts";
import type { TakeSample } from "./page-reader.ts";
import { PageWriter } from "./page-writer.ts";
import { createShownNames, type ShownNamesOptions } from "./shown-names.ts";
import { createTakenNames } from "./taken-names.ts";

/**
 * Merges nodes' pages into one: each family once, with one header, and under it its samples node by node. It holds a piece of each page and
 * goes through all of them side by side, because all are in the order of the families' names. HELP and TYPE are those of the first node that
 * shows the family; samples of a node that gives it another type are left out. Never throws: a page that breaks off ends there.
 */
export async function* mergePages(pages: readonly NodePage[], options: ShownNamesOptions): AsyncGenerator<Buffer> {
  const writer = new PageWriter();
  const takerOf = createFamilyTakers(writer, options);
  await Promise.all(pages.map(readFirst));
  for (let page = firstPage(pages); page !== undefined; page = firstPage(pages)) {
    const { reader } = page;
    const { family } = reader;
    const take = takerOf(page);
    while (reader.family === family) {
      reader.take(take);
      for (const piece of writer.full()) yield piece;
      if (reader.starving) await reader.fill();
    }
  }
  for (const piece of writer.rest()) yield piece;
}

/** All at once, so that slow nodes do not add up. */
async function readFirst({ reader }: NodePage): Promise<void> {
  while (reader.starving) await reader.fill();
}

/** Finds the page whose next family is the first of all by its name; of several the first page. */
function firstPage(pages: readonly NodePage[]): NodePage | undefined {
  let first: NodePage | undefined;
  for (const page of pages) {
    const name = page.reader.family?.name;
    if (name === undefined) continue;
    if (first === undefined || name < (first.reader.family?.name ?? "")) first = page;
  }
  return first;
}

/** Gives what takes the samples of a family from one page. */
type FamilyTaker = (page: NodePage, family: PageFamily) => TakeSample;

/** Creates what gives, for the family that comes next on a page, what becomes of its samples. */
function createFamilyTakers(writer: PageWriter, options: ShownNamesOptions): (page: NodePage) => TakeSample {
  const shownName = createShownNames(options);
  const taken = createTakenNames();
  let current: { readonly name: string; readonly takerOf: FamilyTaker } | undefined;

  const startFamily = (name: string): FamilyTaker => {
    const shown = taken.isTaken(name) ? { reason: "name-conflict" as const } : shownName(name);
    if ("reason" in shown) return (page, family) => page.drop(family, shown.reason);
    const prefix = Buffer.from(shown.prefix);
    const leaderOnly = isLeaderOnly(name);
    let first: PageFamily | undefined;
    return (page, family) => {
      if (leaderOnly && !page.active) return page.drop(family, "stale");
      if (first === undefined) {
        first = family;
        taken.take(family);
        writer.begin(family, prefix);
      }
      return family.type === first.type ? page.write(family, prefix, writer) : page.drop(family, "type-conflict");
    };
  };

  return (page) => {
    const { family } = page.reader;
    if (family === undefined) return () => {};
    if (current?.name !== family.name) current = { name: family.name, takerOf: startFamily(family.name) };
    return current.takerOf(page, family);
  };
}
