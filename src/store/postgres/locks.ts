import { z } from "zod";
import type { ClusterLocks } from "../../runner/ports.ts";
import { lockOfEndedRun } from "../lock-of-ended-run.ts";
import type { Database } from "./database.ts";

const Holder = z.object({ runId: z.string(), since: z.coerce.number() });
const Listed = Holder.extend({ cluster: z.string() });

/**
 * Takes nothing for a run that has ended; one that ends meanwhile waits for us, or we for it. The update changes nothing, but lets the row
 * that was there be returned.
 */
const ACQUIRE = `
  WITH run AS (SELECT open FROM sealwatch.runs WHERE id = $2 FOR SHARE)
  INSERT INTO sealwatch.cluster_locks AS held (cluster, run_id, since)
  SELECT $1, $2, $3::bigint WHERE coalesce((SELECT open FROM run), true)
  ON CONFLICT (cluster) DO UPDATE SET since = held.since
  RETURNING run_id AS "runId", since`;

/** Keeps in the table `cluster_locks` which run has which cluster; the function `append` gives back the lock of a run that ends. */
export function createPostgresLocks(database: Database): ClusterLocks {
  return {
    async acquire(cluster, runId, at) {
      const asking = { what: `take the lock of cluster ${cluster}`, again: "once" } as const;
      const [row] = await database.ask(asking, { text: ACQUIRE, values: [cluster, runId, at] });
      if (row === undefined) throw lockOfEndedRun(cluster, runId);
      return Holder.parse(row);
    },
    async release(cluster, runId) {
      const text = "DELETE FROM sealwatch.cluster_locks WHERE cluster = $1 AND run_id = $2 RETURNING cluster";
      // Not again once it was sent: the second answer would be "it does not have it".
      const asking = { what: `give back the lock of cluster ${cluster}`, again: "unsent" } as const;
      return (await database.ask(asking, { text, values: [cluster, runId] })).length === 1;
    },
    async list() {
      const text = 'SELECT cluster, run_id AS "runId", since FROM sealwatch.cluster_locks ORDER BY cluster';
      return (await database.ask({ what: "list the locks", again: "once" }, { text })).map((row) => Listed.parse(row));
    },
  };
}
