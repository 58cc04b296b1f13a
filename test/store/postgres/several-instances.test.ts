import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ConcurrencyError } from "../../../src/lib/concurrency-error.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { Store } from "../../../src/store/store.ts";
import { describeWith } from "../../support/real.ts";
import { ended, finished, said, summary } from "../run-fixtures.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { testServer } from "./test-database.ts";

const ROUNDS = 60;

describeWith(["postgresql"], "two instances on one PostgreSQL", () => {
  const { server, open, emptyDatabase } = testServer();
  let database = "";
  let left: Store;
  let right: Store;
  beforeEach(async () => {
    database = await emptyDatabase();
    [left, right] = await Promise.all([open({ database }), open({ database })]);
  });
  afterEach(async () => {
    await left.close();
    await right.close();
  });

  it("have one winner when a hundred want the same place in a run, and every other is told how many events there are", async () => {
    await left.runs.append("R1", 0, [said("one")], summary());
    const writers = Array.from({ length: 100 }, async (_, index) => {
      await (index % 2 === 0 ? left : right).runs.append("R1", 1, [said(`writer ${index}`)], summary());
    });
    const outcomes = await Promise.allSettled(writers);
    const lost = outcomes
      .filter((outcome) => outcome.status === "rejected")
      .map(({ reason }: { reason: unknown }) => reason);
    expect(lost).toHaveLength(99);
    for (const error of lost) {
      expect(error).toBeInstanceOf(ConcurrencyError);
      expect(error).toMatchObject({ expected: 1, actual: 2 });
    }
    expect(await left.runs.verify("R1")).toBeUndefined();
  });

  it("have one winner when both begin a run of the same id", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const both = [left, right].map(async ({ runs }) => await runs.append(`R${round}`, 0, [said("one")], summary()));
      const outcomes = await Promise.allSettled(both);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    }
    expect(await left.runs.list({ limit: 100 })).toHaveLength(ROUNDS);
  });

  it("have one holder of a cluster's lock, and tell the same of it", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all([
        left.locks.acquire(`c${round}`, "R1", 1),
        right.locks.acquire(`c${round}`, "R2", 2),
      ]);
      expect(answers[0]).toEqual(answers[1]);
    }
  });

  it("leave no lock behind, when one takes it for a run that the other ends at that moment", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const runId = `R${round}`;
      await left.runs.append(runId, 0, [said("one")], summary());
      await Promise.allSettled([
        left.locks.acquire("prod", runId, 1),
        right.runs.append(runId, 1, [finished()], ended()),
      ]);
      expect(await left.locks.list()).toEqual([]);
    }
  });

  it("know of each other whether they live, by the database's clock", async () => {
    await left.holders.beat("there:7:abc", 0);
    expect(await right.holders.isAlive("there:7:abc", 1e15)).toBe(true);
    await left.holders.leave("there:7:abc");
    expect(await right.holders.isAlive("there:7:abc", 0)).toBe(false);
  });

  it("have one holder of a timed lock, also when the clock of one is an hour ahead", async () => {
    const [now, ttlMs] = [Date.now(), 60_000];
    const hold = await left.timedLock.acquire("slack-sender", { at: now, ttlMs });
    expect(hold).toBeDefined();
    expect(await right.timedLock.acquire("slack-sender", { at: now + 3_600_000, ttlMs })).toBeUndefined();
    expect(await left.timedLock.renew(hold ?? { name: "slack-sender", epoch: 0 }, { at: now, ttlMs })).toBe(true);
  });

  it("have one first for what Slack delivered to both", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const both = [left, right].map(async ({ inbox }) => await inbox.first(`click-${round}`, round));
      expect(new Set(await Promise.all(both))).toEqual(new Set([true, false]));
    }
  });

  it("forget one that was silent for more than a day", async () => {
    await left.holders.beat("there:7:old", 0);
    await server().execute(database, "UPDATE sealwatch.holders SET beat_at = beat_at - interval '25 hours'");
    await right.holders.beat("there:7:new", 0);
    expect(await server().execute(database, "SELECT holder FROM sealwatch.holders")).toEqual([
      { holder: "there:7:new" },
    ]);
  });

  describe("and the identities of clusters", () => {
    const identity = (id: string) => ({ clusterId: id, clusterName: `vault-cluster-${id}` });
    const stored = async (): Promise<unknown> =>
      (await server().execute(database, "SELECT cluster_id FROM sealwatch.identities WHERE cluster = 'prod'"))[0];

    it("take the word of the one that pinned a cluster first", async () => {
      left.identities.save("prod", identity("first"));
      await waitFor("the first identity", async () => await stored());
      right.identities.save("prod", identity("second"));
      expect(right.identities.load("prod")).toEqual(identity("second"));
      await waitFor("the word of the first", async () =>
        right.identities.load("prod")?.clusterId === "first" ? true : undefined,
      );
      expect(await stored()).toEqual({ cluster_id: "first" });
    });

    it("take another for the one that both knew, as when a cluster was built anew and its new id pinned", async () => {
      left.identities.save("prod", identity("old"));
      await waitFor("the old identity", async () => await stored());
      left.identities.save("prod", identity("new"));
      await waitFor("the new identity", async () =>
        JSON.stringify(await stored()).includes("new") ? true : undefined,
      );
      expect(left.identities.load("prod")).toEqual(identity("new"));
    });

    it("are written later, when the database could not be written to", async () => {
      await using proxy = await startCuttingProxy(server().port);
      const warnings: string[] = [];
      const retries: (() => void)[] = [];
      const store = await open({
        database,
        port: proxy.port,
        logger: { ...silentLogger, warn: (text) => void warnings.push(text) },
        timers: { after: (_ms, callback) => (retries.push(callback), () => {}) },
      });
      const cut = { statement: "INTO sealwatch.identities", of: "request" } as const;
      // The statement, and then its repetition on a new connection.
      proxy.cut({ ...cut, meanwhile: async () => proxy.cut(cut) });
      store.identities.save("prod", identity("first"));
      const retry = await waitFor("the pause before the next try", async () => retries.shift());
      expect(warnings).toEqual(["a cluster's identity is not stored yet"]);
      expect(await stored()).toBeUndefined();
      retry();
      await waitFor("the identity", async () => await stored());
      await store.close();
    });
  });
});
