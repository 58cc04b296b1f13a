import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { LockHold, LockTime, TimedLock } from "../../src/lib/timed-lock.ts";
import type { Store } from "../../src/store/store.ts";

const MINUTE_MS = 60_000;
const TTL_MS = 60 * MINUTE_MS;

/** Lets so many milliseconds pass for a store whose own clock judges its locks; the others go by what callers say. */
export type Elapse = (ms: number) => Promise<void>;

/** What every store's lock does; `open` gives an empty store, which the suite closes. */
export function timedLockContract(open: () => Store | Promise<Store>, elapse: Elapse = async () => {}): void {
  describe("a timed lock", () => {
    let store: Store;
    let lock: TimedLock;
    let minute = 0;
    beforeEach(async () => {
      store = await open();
      lock = store.timedLock;
      minute = 0;
    });
    afterEach(async () => await store.close());

    /** Goes on to a minute; by then, whoever asks takes the lock for an hour. */
    const at = async (next: number): Promise<LockTime> => {
      await elapse((next - minute) * MINUTE_MS);
      minute = next;
      return { at: next * MINUTE_MS, ttlMs: TTL_MS };
    };

    const taken = async (next: number): Promise<LockHold> => {
      const hold = await lock.acquire("prod", await at(next));
      if (hold === undefined) throw new Error("the lock was not free");
      return hold;
    };

    it("is taken by the first, and refused to everybody else until its time is over", async () => {
      expect(await lock.acquire("prod", await at(0))).toEqual({ name: "prod", epoch: 1 });
      expect(await lock.acquire("prod", await at(59))).toBeUndefined();
      expect(await lock.acquire("prod", await at(60))).toEqual({ name: "prod", epoch: 2 });
    });

    it("is one for each name", async () => {
      await lock.acquire("prod", await at(0));
      expect(await lock.acquire("staging", await at(0))).toEqual({ name: "staging", epoch: 1 });
    });

    it("lives on from a renewal", async () => {
      const hold = await taken(0);
      expect(await lock.renew(hold, await at(50))).toBe(true);
      expect(await lock.acquire("prod", await at(100))).toBeUndefined();
      expect(await lock.acquire("prod", await at(110))).toMatchObject({ epoch: 2 });
    });

    it("may be renewed late as long as nobody else took it", async () => {
      const hold = await taken(0);
      expect(await lock.renew(hold, await at(200))).toBe(true);
      expect(await lock.acquire("prod", await at(201))).toBeUndefined();
    });

    it("tells a holder that was late that another has it, and takes nothing from that one", async () => {
      const late = await taken(0);
      const next = await taken(60);
      expect(await lock.renew(late, await at(61))).toBe(false);
      await lock.release(late);
      expect(await lock.acquire("prod", await at(62))).toBeUndefined();
      expect(await lock.renew(next, await at(62))).toBe(true);
    });

    it("can be taken at once after it was given back, with a higher epoch", async () => {
      const first = await taken(0);
      await lock.release(first);
      expect(await lock.acquire("prod", await at(1))).toEqual({ name: "prod", epoch: 2 });
      expect(await lock.renew(first, await at(2))).toBe(false);
    });

    it("is not there to be renewed when nobody ever took it", async () => {
      expect(await lock.renew({ name: "prod", epoch: 1 }, await at(0))).toBe(false);
      await lock.release({ name: "prod", epoch: 1 });
      expect(await lock.acquire("prod", await at(0))).toEqual({ name: "prod", epoch: 1 });
    });
  });
}
