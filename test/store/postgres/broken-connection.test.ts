import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { ConcurrencyError } from "../../../src/lib/concurrency-error.ts";
import type { Timers } from "../../../src/lib/clock.ts";
import type { Store } from "../../../src/store/store.ts";
import { describeWith } from "../../support/real.ts";
import { ended, finished, said, summary } from "../run-fixtures.ts";
import { startCuttingProxy, type Cut, type CuttingProxy } from "./cutting-proxy.ts";
import { testServer } from "./test-database.ts";

/** Nobody waits for long in a test. */
const hurried: Timers = {
  after: (_milliseconds, callback) => {
    const timer = setTimeout(callback, 1);
    return () => clearTimeout(timer);
  },
};

const APPEND = { statement: "sealwatch.append" };

describeWith(["postgresql"], "a connection to PostgreSQL that breaks", () => {
  const { server, open, emptyDatabase } = testServer();
  let proxy: CuttingProxy;
  /** Reaches the database through the proxy. */
  let store: Store;
  /** Reaches it directly. */
  let other: Store;
  beforeEach(async () => {
    const database = await emptyDatabase();
    proxy = await startCuttingProxy(server().port);
    store = await open({ database, port: proxy.port, timers: hurried });
    other = await open({ database });
    await store.runs.append("R1", 0, [said("one")], summary());
  });
  afterEach(async () => {
    await store.close();
    await other.close();
    await proxy[Symbol.asyncDispose]();
  });

  const texts = async (): Promise<readonly unknown[]> =>
    (await other.runs.read("R1")).map(({ event }) => ("text" in event ? event.text : event.type));

  it.each<{ name: string; of: Cut["of"] }>([
    { name: "before the server saw an append", of: "request" },
    { name: "after the server carried an append out, before it said so", of: "answer" },
    { name: "while an append stands in some buffer on its way", of: "late" },
  ])("$name leaves it stored, once", async ({ of }) => {
    proxy.cut({ ...APPEND, of });
    await store.runs.append("R1", 1, [said("two"), said("three")], summary());
    if (of === "late") await proxy.deliver();
    expect(await texts()).toEqual(["one", "two", "three"]);
    expect(await other.runs.verify("R1")).toBeUndefined();
    await store.runs.append("R1", 3, [finished()], ended());
  });

  it("lets whoever was first meanwhile win, and says so", async () => {
    const meanwhile = async () => await other.runs.append("R1", 1, [said("other")], summary());
    proxy.cut({ ...APPEND, of: "request", meanwhile });
    const late = store.runs.append("R1", 1, [said("mine")], summary());
    await expect(late).rejects.toBeInstanceOf(ConcurrencyError);
    await expect(late).rejects.toMatchObject({ expected: 1, actual: 2 });
    expect(await texts()).toEqual(["one", "other"]);
  });

  it("knows its own append from one that says the very same", async () => {
    const meanwhile = async () => await other.runs.append("R1", 1, [said("the same")], summary());
    proxy.cut({ ...APPEND, of: "request", meanwhile });
    await expect(store.runs.append("R1", 1, [said("the same")], summary())).rejects.toBeInstanceOf(ConcurrencyError);
    expect(await texts()).toEqual(["one", "the same"]);
  });

  it("knows its own append when others have appended behind it since", async () => {
    const meanwhile = async () => await other.runs.append("R1", 2, [said("behind")], summary());
    proxy.cut({ ...APPEND, of: "answer", meanwhile });
    await store.runs.append("R1", 1, [said("mine")], summary());
    expect(await texts()).toEqual(["one", "mine", "behind"]);
  });

  it("keeps the lock of a run away from it that ended, although nobody heard of its end", async () => {
    await store.locks.acquire("prod", "R1", 5);
    proxy.cut({ ...APPEND, of: "answer" });
    await store.runs.append("R1", 1, [finished()], ended());
    expect(await other.locks.list()).toEqual([]);
  });

  it("says that the fate of an append is not known, when nobody can be asked for long", async () => {
    proxy.cut({ ...APPEND, of: "answer", meanwhile: async () => proxy.refuse() });
    await expect(store.runs.append("R1", 1, [said("two")], summary())).rejects.toMatchObject({
      reason: "unreachable",
      retryable: true,
      message: expect.stringMatching(
        /^cannot say whether it was possible to append to run R1 in PostgreSQL database /u,
      ),
    });
    expect(await texts()).toEqual(["one", "two"]);
  });

  it("fails at once, as not done, when the server cannot be reached to begin with", async () => {
    proxy.cut({ ...APPEND, of: "request", meanwhile: async () => proxy.refuse() });
    await store.runs.append("R1", 1, [said("two")], summary()).catch(() => {});
    await expect(store.runs.append("R1", 1, [said("two")], summary())).rejects.toMatchObject({
      reason: "unreachable",
      message: expect.stringMatching(/^cannot append to run R1 in PostgreSQL database \S+ on 127.0.0.1:\d+: /u),
    });
    expect(await texts()).toEqual(["one"]);
  });

  it.each<{ name: string; statement: string; ask: () => Promise<unknown>; answer: unknown }>([
    {
      name: "a list",
      statement: "FROM sealwatch.runs",
      ask: async () => (await store.runs.list({ limit: 1 })).length,
      answer: 1,
    },
    {
      name: "the taking of a lock",
      statement: "INTO sealwatch.cluster_locks",
      ask: async () => await store.locks.acquire("prod", "R1", 5),
      answer: { runId: "R1", since: 5 },
    },
    {
      name: "a heartbeat",
      statement: "INTO sealwatch.holders",
      ask: async () => await store.holders.beat("there:7:abc", 0),
      answer: undefined,
    },
  ])("costs $name nothing: it is asked again on a new one", async ({ statement, ask, answer }) => {
    proxy.cut({ statement, of: "answer" });
    expect(await ask()).toEqual(answer);
  });

  it("has its idle neighbours replaced too, which are as dead and do not say so", async () => {
    await Promise.all(Array.from({ length: 5 }, async () => await store.runs.list({ limit: 1 })));
    proxy.cut({ statement: "FROM sealwatch.runs", of: "request", meanwhile: async () => proxy.freeze() });
    expect(await store.runs.list({ limit: 10 })).toHaveLength(1);
    await Promise.all(Array.from({ length: 5 }, async () => await store.runs.list({ limit: 1 })));
  });

  it("does not ask again what would be answered differently the second time", async () => {
    await store.locks.acquire("prod", "R1", 5);
    proxy.cut({ statement: "DELETE FROM sealwatch.cluster_locks", of: "answer" });
    await expect(store.locks.release("prod", "R1")).rejects.toMatchObject({ reason: "unreachable", retryable: true });
    expect(await store.locks.release("prod", "R1")).toBe(false);
  });
});
