import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { ClusterLocks } from "../../src/runner/ports.ts";
import type { Store } from "../../src/store/store.ts";
import { ended, finished, said, summary } from "./run-fixtures.ts";

/** What every store's locks of clusters do; `open` gives an empty store, which the suite closes. */
export function clusterLocksContract(open: () => Store | Promise<Store>): void {
  describe("the locks of clusters", () => {
    let store: Store;
    let locks: ClusterLocks;
    beforeEach(async () => {
      store = await open();
      locks = store.locks;
    });
    afterEach(async () => await store.close());

    it("are taken by the first run, and tell every other who has them since when", async () => {
      expect(await locks.acquire("prod", "R1", 100)).toEqual({ runId: "R1", since: 100 });
      expect(await locks.acquire("prod", "R2", 200)).toEqual({ runId: "R1", since: 100 });
    });

    it("are kept, with their time, by a run that asks again", async () => {
      await locks.acquire("prod", "R1", 100);
      expect(await locks.acquire("prod", "R1", 200)).toEqual({ runId: "R1", since: 100 });
    });

    it("have no time-out: years later the same run has it", async () => {
      await locks.acquire("prod", "R1", 0);
      expect(await locks.acquire("prod", "R2", 1e12)).toEqual({ runId: "R1", since: 0 });
    });

    it("are one for each cluster, listed by its name", async () => {
      await locks.acquire("staging", "R1", 100);
      await locks.acquire("prod", "R2", 200);
      expect(await locks.list()).toEqual([
        { cluster: "prod", runId: "R2", since: 200 },
        { cluster: "staging", runId: "R1", since: 100 },
      ]);
    });

    it("are given back by the run that has them, and by no other", async () => {
      await locks.acquire("prod", "R1", 100);
      expect(await locks.release("prod", "R2")).toBe(false);
      expect(await locks.release("staging", "R1")).toBe(false);
      expect(await locks.release("prod", "R1")).toBe(true);
      expect(await locks.release("prod", "R1")).toBe(false);
      expect(await locks.acquire("prod", "R2", 200)).toEqual({ runId: "R2", since: 200 });
    });

    it("have one holder when twenty runs want one at once, and all are told the same", async () => {
      const runs = Array.from({ length: 20 }, (_, index) => `R${index}`);
      const answers = await Promise.all(runs.map(async (run, index) => await locks.acquire("prod", run, index)));
      expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
      expect(await locks.list()).toEqual([{ cluster: "prod", ...answers[0] }]);
    });

    it("are given back when their run ends, with its last event", async () => {
      await store.runs.append("R1", 0, [said("one")], summary());
      await locks.acquire("prod", "R1", 100);
      await locks.acquire("staging", "R2", 100);
      await store.runs.append("R1", 1, [said("two")], summary());
      expect(await locks.list()).toHaveLength(2);
      await store.runs.append("R1", 2, [finished()], ended());
      expect(await locks.list()).toEqual([{ cluster: "staging", runId: "R2", since: 100 }]);
    });

    it("stay when a writer was too late to end their run", async () => {
      await store.runs.append("R1", 0, [said("one")], summary());
      await locks.acquire("prod", "R1", 100);
      await expect(store.runs.append("R1", 0, [finished()], ended())).rejects.toThrow("has 1 events and not 0");
      expect(await locks.list()).toHaveLength(1);
    });

    it("are refused to a run that has ended, which would never give them back", async () => {
      await store.runs.append("R1", 0, [said("one"), finished()], ended());
      await expect(locks.acquire("prod", "R1", 100)).rejects.toMatchObject({
        reason: "refused",
        message: "cannot take the lock of cluster prod for run R1: the run has ended; start another run",
      });
      expect(await locks.list()).toEqual([]);
    });
  });
}
