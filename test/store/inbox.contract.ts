import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Store } from "../../src/store/store.ts";

const NOW = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const LONG = "x".repeat(100_000);

/** A store whose inbox can be counted, which no caller needs. */
export type CountableInbox = {
  readonly store: Store;
  /** How many ids are remembered. */
  readonly count: () => Promise<number>;
};

/** What every store's inbox does; `open` gives an empty store, which the suite closes. */
export function inboxContract(open: () => Store | Promise<Store>): void {
  describe("the inbox", () => {
    let store: Store;
    const first = async (id: string, at = NOW): Promise<boolean> => await store.inbox.first(id, at);
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => await store.close());

    it("takes an id once, and another as well", async () => {
      expect(await first("click-1")).toBe(true);
      expect(await first("click-1")).toBe(false);
      expect(await first("click-2")).toBe(true);
      expect(await first("click-1", NOW + 1)).toBe(false);
    });

    it("has one first, when many ask at once", async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, async () => await first("click-1")));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    it("forgets an id an hour after it was taken, and not an hour after it was asked for", async () => {
      expect(await first("click-1")).toBe(true);
      expect(await first("click-1", NOW + HOUR_MS - 1)).toBe(false);
      expect(await first("click-1", NOW + HOUR_MS)).toBe(true);
      expect(await first("click-1", NOW + 2 * HOUR_MS - 1)).toBe(false);
    });

    it("refuses an id that a replica took whose clock is ahead", async () => {
      expect(await first("click-1", NOW + 60_000)).toBe(true);
      expect(await first("click-1", NOW)).toBe(false);
    });

    it("forgets nothing of the last hour, whatever else it forgets", async () => {
      for (let click = 0; click < 150; click += 1) await first(`old-${click}`, NOW);
      await first("young", NOW + HOUR_MS - 1);
      for (let click = 0; click < 5; click += 1) await first(`new-${click}`, NOW + HOUR_MS);
      expect(await first("young", NOW + HOUR_MS)).toBe(false);
      expect(await first("old-149", NOW + HOUR_MS)).toBe(true);
    });

    it.each([
      { name: "nothing at all", id: "", other: " " },
      { name: "more than an index takes", id: `${LONG}a`, other: `${LONG}b` },
      { name: "characters that no database takes", id: "a\u0000b", other: "a\u0001b" },
      { name: "halves of characters", id: "\ud83d", other: "\ud83e" },
      { name: "quotes and signs of SQL", id: "'; DROP TABLE inbox; --", other: "'; DROP TABLE outbox; --" },
      { name: "one character in two spellings", id: "\u00e9", other: "e\u0301" },
    ])("tells an id of $name from another", async ({ id, other }) => {
      expect(await first(id)).toBe(true);
      expect(await first(id)).toBe(false);
      expect(await first(other)).toBe(true);
    });
  });
}

/** What is kept of an inbox: no more than it grew by within an hour, given time. */
export function inboxSweepContract(open: () => Promise<CountableInbox>): void {
  it("forgets on the way what is older than an hour, a hundred at a time", async () => {
    const { store, count } = await open();
    for (let click = 0; click < 250; click += 1) await store.inbox.first(`old-${click}`, NOW);
    expect(await count()).toBe(250);
    const kept: number[] = [];
    for (let click = 0; click < 4; click += 1) {
      await store.inbox.first(`new-${click}`, NOW + HOUR_MS);
      kept.push(await count());
    }
    expect(kept).toEqual([151, 52, 3, 4]);
    await store.close();
  });
}
