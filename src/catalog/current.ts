import { keepLastGood, type LastGood, type Loading } from "../document/last-good.ts";
import type { Clock } from "../lib/clock.ts";
import type { CatalogEntry } from "./entry.ts";
import { loadCatalog, type CatalogSource } from "./load.ts";

/** The runbooks by id. */
export type Runbooks = ReadonlyMap<string, CatalogEntry>;

/** Loads the catalog as a whole: one bad runbook, and none of the new set is taken. */
export async function loadGoodCatalog(source: CatalogSource): Promise<Loading<Runbooks>> {
  const { runbooks, findings } = await loadCatalog(source);
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: runbooks };
}

/** Keeps the current runbooks: a reload with findings leaves the last good set in place and says so in the status. */
export function createCurrentCatalog(options: {
  readonly first: Runbooks;
  readonly source: CatalogSource;
  readonly clock: Clock;
}): LastGood<Runbooks> {
  const { first, source, clock } = options;
  return keepLastGood({ first, load: async () => await loadGoodCatalog(source), clock });
}
