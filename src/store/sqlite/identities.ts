import { z } from "zod";
import type { IdentityMemory } from "../../vault/cluster.ts";
import { attempt, type Database } from "./database.ts";

const Row = z.object({ clusterId: z.string(), clusterName: z.string() });

/** Keeps in the table `identities` what each cluster called itself while it was unsealed. */
export function createSqliteIdentities({ path, sqlite }: Database): IdentityMemory {
  const load = sqlite.prepare(
    'SELECT cluster_id AS "clusterId", cluster_name AS "clusterName" FROM identities WHERE cluster = ?',
  );
  const save = sqlite.prepare(
    `INSERT INTO identities (cluster, cluster_id, cluster_name) VALUES (:cluster, :clusterId, :clusterName)
     ON CONFLICT (cluster) DO UPDATE SET cluster_id = excluded.cluster_id, cluster_name = excluded.cluster_name`,
  );
  return {
    load(cluster) {
      const row = attempt("read a cluster's identity", path, () => load.get(cluster));
      return row === undefined ? undefined : Row.parse(row);
    },
    save(cluster, { clusterId, clusterName }) {
      attempt("store a cluster's identity", path, () => save.run({ cluster, clusterId, clusterName }));
    },
  };
}
