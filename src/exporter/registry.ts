import type { BackupWatch } from "../backup/watch.ts";
import type { Collector } from "./collector.ts";
import { audit } from "./collectors/audit.ts";
import { createBackupCollector } from "./collectors/backup.ts";
import { ceremonies } from "./collectors/ceremonies.ts";
import { keyring } from "./collectors/keyring.ts";
import { kms } from "./collectors/kms.ts";
import { createLeadershipCollector } from "./collectors/leadership.ts";
import { createLeaseWalkCollector, type LeaseWalkOptions } from "./collectors/lease-walk.ts";
import { createLeasesCollector } from "./collectors/leases.ts";
import { createNodeCollector } from "./collectors/node.ts";
import { license } from "./collectors/license.ts";
import { ownToken } from "./collectors/own-token.ts";
import { quotas } from "./collectors/quotas.ts";
import { raft } from "./collectors/raft.ts";
import { replication } from "./collectors/replication.ts";
import { tokens } from "./collectors/tokens.ts";

/** What the collectors need that is not in a scrape's context. */
export type RegistryOptions = {
  /** The places where backups land, of all clusters. */
  readonly backups: readonly BackupWatch[];
  /** What walking the leases takes; without it nobody walks, as for the docs and the policy. */
  readonly leaseWalk?: LeaseWalkOptions;
  /** Names of the collectors in use (`exporter.collectors`); default: all. */
  readonly enabled?: readonly string[];
};

/** Creates the collectors in use, in the order of the page; a test compares this list with the folder `collectors/`. */
export function createCollectors({ backups, leaseWalk, enabled }: RegistryOptions): readonly Collector[] {
  const all = [
    createNodeCollector(),
    createLeadershipCollector(),
    raft,
    createBackupCollector(backups),
    createLeasesCollector(),
    createLeaseWalkCollector(leaseWalk),
    tokens,
    audit,
    keyring,
    ceremonies,
    quotas,
    kms,
    license,
    replication,
    ownToken,
  ];
  return enabled === undefined ? all : all.filter(({ name }) => enabled.includes(name));
}
