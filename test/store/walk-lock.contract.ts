import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { WalkLock } from "../../src/exporter/lease-walk/walk-lock.ts";
import type { Store } from "../../src/store/store.ts";

const at = (seconds: number) => ({ at: seconds * 1000, ttlMs: 60_000 });

/** What every store's lock does; `open` gives an empty store, which the suite closes. */
export function walkLockContract(open: () => Store | Promise<Store>): void {
  describe("the lock of walkers", () => {
    let store: Store;
    let lock: WalkLock;
    beforeEach(async () => {
      store = await open();
      lock = store.walkLock;
    });
    afterEach(async () => await store.close());

    it("is taken by the first, and refused to everybody else until its time is over", async () => {
      expect(await lock.acquire("prod", at(0))).toEqual({ name: "prod", epoch: 1 });
      expect(await lock.acquire("prod", at(59.999))).toBeUndefined();
      expect(await lock.acquire("prod", at(60))).toEqual({ name: "prod", epoch: 2 });
    });

    it("is one for each name", async () => {
      await lock.acquire("prod", at(0));
      expect(await lock.acquire("staging", at(0))).toEqual({ name: "staging", epoch: 1 });
    });

    it("lives on from a renewal", async () => {
      const hold = await taken(at(0));
      expect(await lock.renew(hold, at(50))).toBe(true);
      expect(await lock.acquire("prod", at(100))).toBeUndefined();
      expect(await lock.acquire("prod", at(110))).toMatchObject({ epoch: 2 });
    });

    it("may be renewed late as long as nobody else took it", async () => {
      const hold = await taken(at(0));
      expect(await lock.renew(hold, at(200))).toBe(true);
      expect(await lock.acquire("prod", at(201))).toBeUndefined();
    });

    it("tells a holder that was late that another has it, and takes nothing from that one", async () => {
      const late = await taken(at(0));
      const next = await taken(at(60));
      expect(await lock.renew(late, at(61))).toBe(false);
      await lock.release(late);
      expect(await lock.acquire("prod", at(62))).toBeUndefined();
      expect(await lock.renew(next, at(62))).toBe(true);
    });

    it("can be taken at once after it was given back, with a higher epoch", async () => {
      const first = await taken(at(0));
      await lock.release(first);
      expect(await lock.acquire("prod", at(1))).toEqual({ name: "prod", epoch: 2 });
      expect(await lock.renew(first, at(2))).toBe(false);
    });

    it("is not there to be renewed when nobody ever took it", async () => {
      expect(await lock.renew({ name: "prod", epoch: 1 }, at(0))).toBe(false);
      await lock.release({ name: "prod", epoch: 1 });
      expect(await lock.acquire("prod", at(0))).toEqual({ name: "prod", epoch: 1 });
    });

    async function taken(time: ReturnType<typeof at>) {
      const hold = await lock.acquire("prod", time);
      if (hold === undefined) throw new Error("the lock was not free");
      return hold;
    }
  });
}
