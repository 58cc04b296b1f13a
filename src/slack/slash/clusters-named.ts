import type { VaultCluster } from "../../vault/cluster.ts";
import { say, type Content } from "../render/content.ts";
import { meant, names, shown } from "./shown.ts";

/** The clusters that somebody named, or all; otherwise words that say what there is. */
export type Named = { readonly clusters: readonly VaultCluster[] } | { readonly refusal: Content };

/** Reads `[cluster]`: no word means all. Names are found however they are capitalised. */
export function clustersNamed(all: readonly VaultCluster[], words: readonly string[]): Named {
  const [name, extra] = words;
  if (name === undefined) return { clusters: all };
  if (extra !== undefined)
    return { refusal: say(`${shown(extra)} is one word too many: name one cluster, or none for all.`) };
  const found = findCluster(all, name);
  return found === undefined ? { refusal: unknownCluster(name, all) } : { clusters: [found] };
}

/** Finds a cluster by its name, however it is capitalised. */
export function findCluster<C extends Pick<VaultCluster, "name">>(all: readonly C[], name: string): C | undefined {
  return (
    all.find((cluster) => cluster.name === name) ??
    all.find((cluster) => cluster.name.toLowerCase() === name.toLowerCase())
  );
}

/** Refuses a cluster's name that nobody configured, with the nearest that somebody did. */
export function unknownCluster(name: string, all: readonly Pick<VaultCluster, "name">[]): Content {
  const known = all.map((cluster) => cluster.name);
  return say(`There is no cluster ${shown(name)}.${meant(name, known, `Known: ${names(known)}.`)}`);
}
