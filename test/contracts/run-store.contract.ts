import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../src/engine/events.ts";
import { canonicalJson, type Json } from "../../src/lib/json.ts";
import { ConcurrencyError } from "../../src/lib/concurrency-error.ts";
import type { RunFilter, RunStore } from "../../src/runner/ports.ts";
import type { Store } from "../../src/store/store.ts";
import { ended, finished, said, summary } from "../store/run-fixtures.ts";

/** What every run store does; `open` gives an empty store, which the suite closes. */
export function runStoreContract(open: () => Store | Promise<Store>): void {
  let store: Store;
  let runs: RunStore;
  beforeEach(async () => {
    store = await open();
    runs = store.runs;
  });
  afterEach(async () => await store.close());

  describe("append and read", () => {
    appendContract(() => runs);
  });
  describe("list", () => {
    listContract(() => runs);
  });
  describe("verify", () => {
    verifyContract(() => runs);
  });
}

function appendContract(store: () => RunStore): void {
  it("gives the events back in order, counted from 1", async () => {
    await store().append("R1", 0, [said("one"), said("two")], summary());
    await store().append("R1", 2, [said("three")], summary());
    const read = await store().read("R1");
    expect(read.map(({ sequence, event }) => [sequence, event])).toEqual([
      [1, said("one")],
      [2, said("two")],
      [3, said("three")],
    ]);
  });

  it("reads nothing of a run that there is not", async () => {
    expect(await store().read("R1")).toEqual([]);
  });

  it("keeps runs apart", async () => {
    await store().append("R1", 0, [said("of R1")], summary());
    await store().append("R11", 0, [said("of R11")], summary());
    expect((await store().read("R1")).map(({ event }) => event)).toEqual([said("of R1")]);
  });

  it.each([
    { name: "too few events", expected: 1 },
    { name: "too many events", expected: 3 },
    { name: "a run that was not there", expected: 0 },
  ])("refuses a writer who expected $name, and tells how many there are", async ({ expected }) => {
    await store().append("R1", 0, [said("one"), said("two")], summary());
    const late = store().append("R1", expected, [said("late")], summary());
    await expect(late).rejects.toBeInstanceOf(ConcurrencyError);
    await expect(late).rejects.toMatchObject({ runId: "R1", expected, actual: 2 });
    expect(await store().read("R1")).toHaveLength(2);
  });

  it("lets exactly one of many writers win who saw the same events", async () => {
    await store().append("R1", 0, [said("one")], summary());
    const writers = Array.from({ length: 20 }, async (_, index) => {
      await store().append("R1", 1, [said(`writer ${index}`), said(`still writer ${index}`)], summary());
    });
    const outcomes = await Promise.allSettled(writers);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await store().read("R1")).toHaveLength(3);
  });

  it("writes nothing when given nothing, but still says when the caller is behind", async () => {
    await store().append("R1", 0, [], summary());
    expect(await store().list({ limit: 10 })).toEqual([]);
    await expect(store().append("R1", 1, [], summary())).rejects.toBeInstanceOf(ConcurrencyError);
  });

  it("leaves keys without a value out, as JSON does, and keeps every character", async () => {
    const event = {
      type: "Said",
      at: 1,
      text: 'ü "quoted"\n\u0000\u2028 \uD800 🔑 <b>',
      by: undefined,
    } satisfies RunEvent;
    await store().append("R1", 0, [event], summary());
    const [read] = await store().read("R1");
    expect(read?.event).toEqual({ type: "Said", at: 1, text: event.text });
  });

  it("is not changed by what a caller does to an event afterwards", async () => {
    const event = { type: "Said" as const, at: 1, text: "as written", by: undefined };
    await store().append("R1", 0, [event], summary());
    event.text = "changed";
    expect((await store().read("R1"))[0]?.event).toMatchObject({ text: "as written" });
    expect(await store().verify("R1")).toBeUndefined();
  });

  it("chains the hashes as documented, so that anyone can recompute them", async () => {
    await store().append("R1", 0, [said("one"), finished()], summary());
    await store().append("R1", 2, [said("after the end")], summary());
    let previous = "0".repeat(64);
    for (const { sequence, event, hash } of await store().read("R1")) {
      const line = `${previous}\n${canonicalJson(event as unknown as Json)}\nR1\n${sequence}`;
      previous = createHash("sha256").update(line).digest("hex");
      expect(hash).toBe(previous);
    }
    expect.assertions(3);
  });
}

function listContract(store: () => RunStore): void {
  const ids = async (filter: RunFilter): Promise<string[]> => (await store().list(filter)).map(({ id }) => id);

  it("gives the newest run first, and no more than were asked for", async () => {
    for (const id of ["R1", "R2", "R3"]) await store().append(id, 0, [said(id)], summary());
    await store().append("R1", 1, [said("more, which makes it no newer")], summary());
    expect(await ids({ limit: 10 })).toEqual(["R3", "R2", "R1"]);
    expect(await ids({ limit: 2 })).toEqual(["R3", "R2"]);
  });

  it("tells open runs from finished ones, also when one is written to after its end", async () => {
    await store().append("R1", 0, [said("open")], summary());
    await store().append("R2", 0, [said("will end")], summary());
    await store().append("R2", 1, [said("last words"), finished()], ended());
    await store().append("R2", 3, [said("the alert is resolved too")], ended());
    await store().append("R3", 0, [said("ends at once"), finished()], ended());
    expect(await ids({ open: true, limit: 10 })).toEqual(["R1"]);
    expect(await ids({ open: false, limit: 10 })).toEqual(["R3", "R2"]);
  });

  it("shows each run as the last append summed it up", async () => {
    await store().append("R1", 0, [said("one"), said("two")], summary({ drill: true }));
    await store().append("R2", 0, [said("one")], summary({ driver: "here:7:abc" }));
    await store().append("R2", 1, [said("two"), finished()], ended({ driver: "there:8:def", cluster: "q's" }));
    expect(await store().list({ limit: 10 })).toStrictEqual([
      { id: "R2", version: 3, summary: ended({ driver: "there:8:def", cluster: "q's" }) },
      { id: "R1", version: 2, summary: summary({ drill: true }) },
    ]);
  });

  it("sums nothing up that a writer brings who was too late", async () => {
    await store().append("R1", 0, [said("one")], summary());
    const late = store().append("R1", 0, [finished()], ended());
    await expect(late).rejects.toBeInstanceOf(ConcurrencyError);
    expect(await store().list({ limit: 10 })).toStrictEqual([{ id: "R1", version: 1, summary: summary() }]);
  });

  it.each<{ name: string; filter: Omit<RunFilter, "limit">; expected: readonly string[] }>([
    { name: "of a cluster", filter: { cluster: "prod" }, expected: ["R4", "R3", "R1"] },
    { name: "of a runbook", filter: { runbook: "sealed-node" }, expected: ["R4", "R2", "R1"] },
    { name: "open ones of a cluster", filter: { cluster: "prod", open: true }, expected: ["R3", "R1"] },
    {
      name: "finished ones of a cluster and a runbook",
      filter: { cluster: "prod", runbook: "sealed-node", open: false },
      expected: ["R4"],
    },
    { name: "of a cluster that there is not", filter: { cluster: "pro" }, expected: [] },
  ])("finds runs by what they are: $name", async ({ filter, expected }) => {
    await store().append("R1", 0, [said("one")], summary());
    await store().append("R2", 0, [said("one")], summary({ cluster: "staging" }));
    await store().append("R3", 0, [said("one")], summary({ runbook: "lost-peer" }));
    await store().append("R4", 0, [said("one"), finished()], ended());
    expect(await ids({ ...filter, limit: 10 })).toEqual(expected);
    expect(await ids({ ...filter, limit: 1 })).toEqual(expected.slice(0, 1));
  });
}

function verifyContract(store: () => RunStore): void {
  it("finds nothing wrong with a run that was only appended to", async () => {
    await store().append("R1", 0, [said("one"), said("two")], summary());
    await store().append("R1", 2, [finished()], summary());
    expect(await store().verify("R1")).toBeUndefined();
  });

  it("finds nothing wrong with a run that there is not", async () => {
    expect(await store().verify("R1")).toBeUndefined();
  });
}
