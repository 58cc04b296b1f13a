import type { Collector } from "./collector.ts";
import { createBackupCollector, type BackupConfig } from "./collectors/backup.ts";
import { leases } from "./collectors/leases.ts";
import { node } from "./collectors/node.ts";
import { raft } from "./collectors/raft.ts";

/** What the collectors need that is not in a scrape's context. */
export type RegistryOptions = {
  /** Where the backups of a cluster land. */
  readonly destinationsOf: (cluster: string) => readonly BackupConfig[];
  /** Names of the collectors in use (`exporter.collectors`); default: all. */
  readonly enabled?: readonly string[];
};

/** Creates the collectors in use, in the order of the page; a test compares this list with the folder `collectors/`. */
export function createCollectors({ destinationsOf, enabled }: RegistryOptions): readonly Collector[] {
  const all = [node, raft, createBackupCollector(destinationsOf), leases];
  return enabled === undefined ? all : all.filter(({ name }) => enabled.includes(name));
}
