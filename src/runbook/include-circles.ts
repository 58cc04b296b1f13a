import { includedIn, type Library } from "./library.ts";
import { allIncludes } from "./own-steps.ts";
import type { Runbook } from "./schema.ts";

/** Finds the shortest way of includes from an included runbook back to the one that includes it: ids, both ends included. */
export type WayBack = (id: string) => readonly string[] | undefined;

/** Looks once at everything that a runbook includes, and gives the ways back to it; there is none unless it includes itself. */
export function findWaysBack(runbook: Runbook, library: Library): WayBack {
  const includers = new Map<string, string[]>();
  for (const [id, book] of Object.entries(includedIn(runbook, library)))
    for (const { include } of allIncludes(book)) {
      const held = includers.get(include);
      if (held === undefined) includers.set(include, [id]);
      else held.push(id);
    }
  const next = new Map<string, string | undefined>([[runbook.id, undefined]]);
  const queue = [runbook.id];
  for (let at = 0; at < queue.length; at++) {
    const id = queue[at] ?? "";
    for (const includer of includers.get(id) ?? [])
      if (!next.has(includer)) {
        next.set(includer, id);
        queue.push(includer);
      }
  }
  return (id) => (next.has(id) ? follow(id, next) : undefined);
}

function follow(from: string, next: ReadonlyMap<string, string | undefined>): readonly string[] {
  const way: string[] = [];
  for (let id: string | undefined = from; id !== undefined; id = next.get(id)) way.push(id);
  return way;
}
