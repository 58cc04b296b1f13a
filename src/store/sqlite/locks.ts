import { z } from "zod";
import type { ClusterLocks } from "../../runner/ports.ts";
import { lockOfEndedRun } from "../lock-of-ended-run.ts";
import { attempt, transact, type Database } from "./database.ts";

const Holder = z.object({ runId: z.string(), since: z.number() });
const Listed = Holder.extend({ cluster: z.string() });

/** Keeps in the table `cluster_locks` which run has which cluster; `runs.ts` gives back the lock of a run that ends. */
export function createSqliteLocks(database: Database): ClusterLocks {
  const { path, sqlite } = database;
  const hasEnded = sqlite.prepare("SELECT 1 FROM runs WHERE id = ? AND open = 0");
  // The update changes nothing, but lets the row that was there be returned.
  const take = sqlite.prepare(
    `INSERT INTO cluster_locks (cluster, run_id, since) VALUES (:cluster, :runId, :since)
     ON CONFLICT (cluster) DO UPDATE SET since = since RETURNING run_id AS "runId", since`,
  );
  const release = sqlite.prepare("DELETE FROM cluster_locks WHERE cluster = ? AND run_id = ?");
  const list = sqlite.prepare('SELECT cluster, run_id AS "runId", since FROM cluster_locks ORDER BY cluster');
  return {
    async acquire(cluster, runId, at) {
      return transact(database, `take the lock of cluster ${cluster}`, () => {
        if (hasEnded.get(runId) !== undefined) throw lockOfEndedRun(cluster, runId);
        return Holder.parse(take.get({ cluster, runId, since: at }));
      });
    },
    async release(cluster, runId) {
      const what = `give back the lock of cluster ${cluster}`;
      return attempt(what, path, () => release.run(cluster, runId)).changes === 1;
    },
    list: async () => attempt("list the locks", path, () => list.all()).map((row) => Listed.parse(row)),
  };
}
