import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ConcurrencyError } from "../../src/lib/concurrency-error.ts";
import type { Outbox, OutboxItem } from "../../src/runner/ports.ts";
import type { Store } from "../../src/store/store.ts";
import { ended, finished, said, summary } from "./run-fixtures.ts";
import { alertGroup } from "./side-stores.contract.ts";

const NOW = 1_700_000_000_000;

/** Gives the only item that is due. */
export async function onlyDue(outbox: Outbox, at = NOW): Promise<OutboxItem> {
  const items = await outbox.due(at, 10);
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item === undefined) throw new Error("nothing is due");
  return item;
}

/** What every store's outbox does; `open` gives an empty store, which the suite closes. */
export function outboxContract(open: () => Store | Promise<Store>): void {
  describe("the outbox", () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => await store.close());

    describe("and what is due", () => {
      dueContract(() => store.outbox);
    });
    describe("and what was shown", () => {
      settleContract(() => store.outbox);
    });
    describe("and the changes of runs", () => {
      runsContract(() => store);
    });
    describe("and the changes of alert groups", () => {
      alertsContract(() => store);
    });
    describe("and its listeners", () => {
      listenersContract(() => store);
    });
  });
}

function dueContract(outbox: () => Outbox): void {
  const subjects = async (at: number, limit = 10): Promise<string[]> =>
    (await outbox().due(at, limit)).map(({ subject }) => subject);

  it("is empty at first", async () => {
    expect(await outbox().due(NOW, 10)).toEqual([]);
    expect(await outbox().nextDueAt(0)).toBeUndefined();
    expect(await outbox().backlog(NOW)).toEqual({ count: 0, oldestAt: undefined });
  });

  it("is what was noted, at once, also for a replica whose clock is behind", async () => {
    await outbox().note("run:R1", NOW);
    expect(await onlyDue(outbox(), NOW - 60_000)).toEqual({
      subject: "run:R1",
      revision: expect.any(Number),
      changedAt: NOW,
    });
  });

  it("has what changed first first, of changes in one millisecond the one that was noted first", async () => {
    for (const [subject, at] of [
      ["run:late", NOW + 2],
      ["run:first", NOW],
      ["run:b", NOW + 1],
      ["run:a", NOW + 1],
    ] as const)
      await outbox().note(subject, at);
    expect(await subjects(NOW)).toEqual(["run:first", "run:b", "run:a", "run:late"]);
    expect(await subjects(NOW, 2)).toEqual(["run:first", "run:b"]);
  });

  it("has a subject once, with its last change, however often it changed", async () => {
    await outbox().note("run:R1", NOW);
    await outbox().note("run:R2", NOW + 1);
    await outbox().note("run:R1", NOW + 2);
    expect(await subjects(NOW)).toEqual(["run:R2", "run:R1"]);
    expect((await outbox().due(NOW, 10)).at(-1)?.changedAt).toBe(NOW + 2);
  });

  it("is counted, with the time of its oldest change", async () => {
    await outbox().note("run:R1", NOW + 5);
    await outbox().note("run:R2", NOW + 3);
    expect(await outbox().backlog(NOW)).toEqual({ count: 2, oldestAt: NOW + 3 });
  });

  it("takes subjects with any character of foreign text", async () => {
    const subject = `alert:{}/{a="'; DROP TABLE outbox; --"}:{x="\u{1F525} %_\\ é"}`;
    await outbox().note(subject, NOW);
    expect(await subjects(NOW)).toEqual([subject]);
  });
}

function settleContract(outbox: () => Outbox): void {
  const noted = async (subject: string): Promise<OutboxItem> => {
    await outbox().note(subject, NOW);
    return await onlyDue(outbox());
  };

  it("takes a subject off the list", async () => {
    expect(await outbox().settle(await noted("run:R1"))).toBe(true);
    expect(await outbox().due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it("takes off nothing that changed since, and nothing else", async () => {
    const before = await noted("run:R1");
    await outbox().note("run:R2", NOW);
    await outbox().note("run:R1", NOW);
    const items = await outbox().due(NOW, 10);
    expect(await outbox().settle(before)).toBe(false);
    expect(await outbox().settle(before, NOW + 1000)).toBe(false);
    expect(await outbox().due(NOW, 10)).toEqual(items);
  });

  it("says no of what was taken off already, and of what never was on the list", async () => {
    const item = await noted("run:R1");
    await outbox().settle(item);
    expect(await outbox().settle(item)).toBe(false);
    expect(await outbox().settle(item, NOW + 1)).toBe(false);
    expect(await outbox().settle({ subject: "run:R2", revision: item.revision })).toBe(false);
    expect(await outbox().due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it("never uses a revision twice, also of a subject that was taken off and noted again", async () => {
    const revisions: number[] = [];
    for (const subject of ["run:R1", "run:R1", "run:R2", "run:R1"]) {
      const item = await noted(subject);
      revisions.push(item.revision);
      await outbox().settle(item);
    }
    expect(revisions).toEqual([...new Set(revisions)].sort((left, right) => left - right));
    expect(revisions).toHaveLength(4);
  });

  it("puts a subject aside until it is due again, and tells when that is", async () => {
    const item = await noted("run:R1");
    expect(await outbox().settle(item, NOW + 1000)).toBe(true);
    expect(await outbox().due(NOW + 999, 10)).toEqual([]);
    expect(await outbox().backlog(NOW + 999)).toEqual({ count: 0, oldestAt: undefined });
    expect(await outbox().nextDueAt(NOW)).toBe(NOW + 1000);
    expect(await onlyDue(outbox(), NOW + 1000)).toEqual(item);
    expect(await outbox().backlog(NOW + 1000)).toEqual({ count: 1, oldestAt: NOW });
    expect(await outbox().nextDueAt(NOW + 1000)).toBeUndefined();
  });

  it("tells of several that were put aside the next", async () => {
    for (const [subject, againAt] of [
      ["run:R1", NOW + 3000],
      ["run:R2", NOW + 1000],
      ["run:R3", NOW + 2000],
    ] as const)
      await outbox().settle(await noted(subject), againAt);
    expect(await outbox().nextDueAt(NOW)).toBe(NOW + 1000);
    expect(await outbox().nextDueAt(NOW + 1000)).toBe(NOW + 2000);
  });

  it("has what was put aside at once when it changes, whatever it waited for", async () => {
    const before = await noted("run:R1");
    await outbox().settle(before, NOW + 60_000);
    await outbox().note("run:R1", NOW + 1);
    const item = await onlyDue(outbox(), NOW + 1);
    expect(item.changedAt).toBe(NOW + 1);
    expect(item.revision).toBeGreaterThan(before.revision);
    expect(await outbox().nextDueAt(NOW)).toBeUndefined();
    expect(await outbox().settle(before)).toBe(false);
  });

  it("may put the same aside again and again", async () => {
    const item = await noted("run:R1");
    for (const againAt of [NOW + 1, NOW + 2, NOW + 3]) expect(await outbox().settle(item, againAt)).toBe(true);
    expect(await outbox().nextDueAt(NOW)).toBe(NOW + 3);
  });
}

function runsContract(store: () => Store): void {
  it("has a run after each append, with the time of its last event", async () => {
    await store().runs.append("R1", 0, [said("one", NOW), said("two", NOW + 7)], summary());
    const item = await onlyDue(store().outbox);
    expect(item).toMatchObject({ subject: "run:R1", changedAt: NOW + 7 });
    await store().outbox.settle(item);
    await store().runs.append("R1", 2, [finished(NOW + 9)], ended());
    expect(await onlyDue(store().outbox)).toMatchObject({ subject: "run:R1", changedAt: NOW + 9 });
  });

  it("has nothing of an append that was refused, and of one without events", async () => {
    await store().runs.append("R1", 0, [said("one", NOW)], summary());
    const item = await onlyDue(store().outbox);
    await expect(store().runs.append("R1", 0, [said("two", NOW + 1)], summary())).rejects.toThrow(ConcurrencyError);
    await expect(store().runs.append("R2", 1, [said("two", NOW + 1)], summary())).rejects.toThrow(ConcurrencyError);
    await store().runs.append("R1", 1, [], summary());
    expect(await onlyDue(store().outbox)).toEqual(item);
  });
}

function alertsContract(store: () => Store): void {
  it("has a group after it was stored, with the time at which it was received", async () => {
    await store().alerts.put(alertGroup({ key: "{}:{a}", receivedAt: NOW }));
    expect(await onlyDue(store().outbox)).toMatchObject({ subject: "alert:{}:{a}", changedAt: NOW });
  });

  it("has nothing of a state that lost against a later one", async () => {
    await store().alerts.put(alertGroup({ receivedAt: NOW }));
    const item = await onlyDue(store().outbox);
    await store().alerts.put(alertGroup({ receivedAt: NOW - 1, status: "resolved" }));
    expect(await onlyDue(store().outbox)).toEqual(item);
    await store().alerts.put(alertGroup({ receivedAt: NOW, status: "resolved" }));
    expect((await onlyDue(store().outbox)).revision).toBeGreaterThan(item.revision);
  });
}

function listenersContract(store: () => Store): void {
  it("tells them of every note when it can be read, and of nothing else", async () => {
    const { runs, alerts, outbox } = store();
    let told = 0;
    // PostgreSQL may tell once more, when its connection for listening is there.
    const tellsOf = async (change: () => Promise<unknown>): Promise<boolean> => {
      const before = told;
      await change().catch(() => {});
      return told > before;
    };
    const end = outbox.watch(() => {
      told += 1;
    });
    expect(await tellsOf(async () => await outbox.note("home:U1", NOW))).toBe(true);
    expect(await tellsOf(async () => await runs.append("R1", 0, [said("one")], summary()))).toBe(true);
    expect(await tellsOf(async () => await alerts.put(alertGroup()))).toBe(true);
    end();
    expect(await tellsOf(async () => await outbox.note("home:U1", NOW))).toBe(false);
  });

  it("tells each of them, also one that listens twice, until that one has ended it", async () => {
    const told: string[] = [];
    const both = (): void => void told.push("both");
    const ends = [store().outbox.watch(both), store().outbox.watch(both)];
    await store().outbox.note("home:U1", NOW);
    expect(told.length).toBeGreaterThanOrEqual(2);
    ends[0]?.();
    told.length = 0;
    await store().outbox.note("home:U1", NOW);
    expect(told.length).toBeGreaterThanOrEqual(1);
    ends[1]?.();
    told.length = 0;
    await store().outbox.note("home:U1", NOW);
    expect(told).toEqual([]);
  });
}
