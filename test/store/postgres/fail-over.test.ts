import { expect, it } from "@jest/globals";
import { FailureError } from "../../../src/lib/failure.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openPostgresStore } from "../../../src/store/postgres/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { startPostgresql, type RunningPostgresql } from "../../support/postgresql.ts";
import { describeWith } from "../../support/real.ts";
import { said, summary } from "../run-fixtures.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { optionsFor, testServer } from "./test-database.ts";

const APPENDS = 200;

/** Appends until it is there; a failure is asked after, as the program would, before anything is tried again. */
async function appendSurely({ runs }: Store, runId: string, place: number): Promise<void> {
  for (;;) {
    try {
      const there = await runs.read(runId);
      if (there.length === place + 1) return;
      return await runs.append(runId, place, [said(`${runId} ${place}`)], summary());
    } catch (error) {
      // Anything else (somebody was first) fails the test: nobody else writes.
      if (!(error instanceof FailureError) || !error.retryable) throw error;
    }
  }
}

describeWith(["postgresql"], "a PostgreSQL that goes away and comes back", () => {
  const { server, open } = testServer({ durable: true });

  it("loses nothing and doubles nothing when it is killed and stopped in the middle of appends", async () => {
    const store = await open();
    const upheavals = new Map([
      [30, async () => await server().kill()],
      [70, async () => await server().stop()],
      [110, async () => await server().kill()],
      [150, async () => await server().stop()],
      [180, async () => await server().kill()],
    ]);
    const going: Promise<void>[] = [];
    const write = async (runId: string): Promise<void> => {
      for (let place = 0; place < APPENDS; place++) {
        const upheaval = runId === "R1" ? upheavals.get(place) : undefined;
        // Nobody waits for it: the appends of all three runs are under way meanwhile.
        if (upheaval !== undefined) going.push(upheaval().then(async () => await server().start()));
        await appendSurely(store, runId, place);
      }
    };
    await Promise.all(["R1", "R2", "R3"].map(write));
    await Promise.all(going);
    expect(going).toHaveLength(upheavals.size);
    for (const runId of ["R1", "R2", "R3"]) {
      const stored = (await store.runs.read(runId)).map(({ event }) => ("text" in event ? event.text : event.type));
      expect(stored).toEqual(Array.from({ length: APPENDS }, (_, place) => `${runId} ${place}`));
      expect(await store.runs.verify(runId)).toBeUndefined();
    }
    await store.close();
  });

  it("costs the next statement nothing, although every connection that was open is dead", async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 5 }, async () => await store.runs.list({ limit: 1 })));
    await server().stop();
    await server().start();
    expect(await store.runs.list({ limit: 1 })).toEqual([]);
    await store.runs.append("R1", 0, [said("one")], summary());
    await store.close();
  });
});

describeWith(["postgresql"], "a PostgreSQL with a synchronous standby", () => {
  it("loses nothing and doubles nothing when the primary is killed and the standby takes its place", async () => {
    await using primary = await startPostgresql({ durable: true });
    const database = await primary.createDatabase();
    await using standby = await startPostgresql({ durable: true, standbyOf: primary });
    await makeSynchronous(primary);
    await using proxy = await startCuttingProxy(primary.port);
    const store = await openPostgresStore({ ...optionsFor(primary, database), port: proxy.port });
    const failOver = async (): Promise<void> => {
      await primary.kill();
      await standby.promote();
      proxy.leadTo(standby.port);
    };
    let under: Promise<void> | undefined;
    for (let place = 0; place < APPENDS; place++) {
      if (place === APPENDS / 2) under = failOver();
      await appendSurely(store, "R1", place);
    }
    await under;
    const stored = (await store.runs.read("R1")).map(({ event }) => ("text" in event ? event.text : event.type));
    expect(stored).toEqual(Array.from({ length: APPENDS }, (_, place) => `R1 ${place}`));
    expect(await store.runs.verify("R1")).toBeUndefined();
    await store.close();
  });

  it("is told from a primary: what cannot be written there is said", async () => {
    await using primary = await startPostgresql();
    const database = await primary.createDatabase();
    await (await openPostgresStore(optionsFor(primary, database))).close();
    await using standby = await startPostgresql({ standbyOf: primary });
    const store = await openPostgresStore(optionsFor(standby, database));
    expect(await store.runs.list({ limit: 1 })).toEqual([]);
    await expect(store.runs.append("R1", 0, [said("one")], summary())).rejects.toMatchObject({
      reason: "standby",
      retryable: true,
      message: expect.stringContaining(
        "this server is a standby, which cannot be written to (25006); point store.postgres.host at the primary",
      ),
    });
    await store.close();
  });
});

/** From now on every commit waits until the standby has it on its disk. */
async function makeSynchronous(primary: RunningPostgresql): Promise<void> {
  await primary.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
  await primary.execute("postgres", "SELECT pg_reload_conf()");
  await waitFor("the standby in step", async () => {
    const [row] = await primary.execute("postgres", "SELECT sync_state FROM pg_stat_replication");
    return row?.["sync_state"] === "sync" ? true : undefined;
  });
}
