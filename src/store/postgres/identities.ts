import { z } from "zod";
import type { Timers } from "../../lib/clock.ts";
import { toFailure } from "../../lib/failure.ts";
import type { Logger } from "../../lib/logger.ts";
import { wait } from "../../lib/wait.ts";
import type { ClusterIdentity, IdentityMemory } from "../../vault/cluster.ts";
import type { Database } from "./database.ts";

const Row = z.object({ cluster: z.string(), clusterId: z.string(), clusterName: z.string() });

const COLUMNS = 'cluster, cluster_id AS "clusterId", cluster_name AS "clusterName"';

/** Writes what we saw where nobody saw anything else since: `$4` is the id that we knew, null for none. Gives nothing when another was first. */
const SAVE = `
  INSERT INTO sealwatch.identities AS held (cluster, cluster_id, cluster_name) VALUES ($1, $2, $3)
  ON CONFLICT (cluster) DO UPDATE SET cluster_id = excluded.cluster_id, cluster_name = excluded.cluster_name
  WHERE held.cluster_id IN ($2, $4)
  RETURNING cluster`;

const RETRY_MS = 5000;

/** Identities with the end of their writing. */
export type PostgresIdentities = IdentityMemory & {
  /** Writes nothing more, and waits for what is on its way. */
  readonly close: () => Promise<void>;
};

/** What a memory of identities works with. */
export type IdentitiesDeps = { readonly database: Database; readonly timers: Timers; readonly logger: Logger };

/**
 * Keeps in the table `identities` what each cluster called itself while it was unsealed. All of it is read now; what is saved is written behind
 * the caller's back, again and again until it is done. Of two replicas that pin a cluster for the first time the first to write wins: the other
 * takes its word, and refuses the nodes that say something else.
 */
export async function openPostgresIdentities(deps: IdentitiesDeps): Promise<PostgresIdentities> {
  const known = new Map<string, ClusterIdentity>();
  const take = (rows: readonly unknown[]): void => {
    for (const { cluster, ...identity } of rows.map((row) => Row.parse(row))) known.set(cluster, identity);
  };
  take(await readAll(deps.database));
  const closing = new AbortController();
  let writing: Promise<void> = Promise.resolve();
  const write = async (cluster: string, identity: ClusterIdentity, before: string | undefined): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        return take(await pin(deps.database, { cluster, identity, before }));
      } catch (error) {
        deps.logger.warn("a cluster's identity is not stored yet", { cluster, why: toFailure(error).message });
        await wait(RETRY_MS, deps.timers, closing.signal);
      }
    }
  };
  return {
    load: (cluster) => known.get(cluster),
    save: (cluster, identity) => {
      const before = known.get(cluster)?.clusterId;
      known.set(cluster, { ...identity });
      writing = writing.then(async () => await write(cluster, identity, before));
    },
    close: async () => {
      closing.abort();
      await writing;
    },
  };
}

type Pin = { readonly cluster: string; readonly identity: ClusterIdentity; readonly before: string | undefined };

/** Gives the row of whoever was first, or nothing when we were. */
async function pin(database: Database, { cluster, identity, before }: Pin): Promise<readonly unknown[]> {
  const asking = { what: "store a cluster's identity", again: "once" } as const;
  const values = [cluster, identity.clusterId, identity.clusterName, before ?? null];
  const saved = await database.ask(asking, { text: SAVE, values });
  if (saved.length > 0) return [];
  const text = `SELECT ${COLUMNS} FROM sealwatch.identities WHERE cluster = $1`;
  return await database.ask(asking, { text, values: [cluster] });
}

async function readAll(database: Database): Promise<readonly unknown[]> {
  const text = `SELECT ${COLUMNS} FROM sealwatch.identities`;
  return await database.ask({ what: "read the clusters' identities", again: "once" }, { text });
}
