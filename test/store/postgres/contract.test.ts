import { runStoreContract } from "../../contracts/run-store.contract.ts";
import { describeWith } from "../../support/real.ts";
import { clusterLocksContract } from "../cluster-locks.contract.ts";
import { inboxContract, inboxSweepContract } from "../inbox.contract.ts";
import { outboxContract } from "../outbox.contract.ts";
import { sideStoresContract } from "../side-stores.contract.ts";
import { timedLockContract } from "../timed-lock.contract.ts";
import { elapsedSql, testServer } from "./test-database.ts";

describeWith(["postgresql"], "the PostgreSQL store", () => {
  const { server, open, emptyDatabase } = testServer();

  let database = "";

  /** The database's clock cannot be moved, but what it wrote down can. */
  const age = async (holder: string, agoMs: number): Promise<void> => {
    const change = `UPDATE sealwatch.holders SET beat_at = beat_at - interval '${agoMs} ms' WHERE holder = '${holder}'`;
    await server().execute(database, change);
  };

  runStoreContract(open);
  sideStoresContract(
    async (machine) => {
      database = await emptyDatabase();
      return await open({ database, machine });
    },
    async ({ holders }, holder, agoMs) => {
      await holders.beat(holder, 0);
      await age(holder, agoMs);
    },
  );
  clusterLocksContract(open);
  timedLockContract(
    async () => {
      database = await emptyDatabase();
      return await open({ database });
    },
    async (ms) => void (await server().execute(database, elapsedSql(ms))),
  );
  outboxContract(open);
  inboxContract(open);
  inboxSweepContract(async () => {
    database = await emptyDatabase();
    const count = async () =>
      Number((await server().execute(database, "SELECT count(*) FROM sealwatch.inbox"))[0]?.["count"]);
    return { store: await open({ database }), count };
  });
});
