import { describe, expect, it } from "@jest/globals";
import { createFreshReads } from "../../src/identity/fresh-reads.ts";
import { FailureError } from "../../src/lib/failure.ts";

const T0 = Date.UTC(2026, 10, 22, 12);
const broken = new FailureError({ reason: "unreachable", retryable: true, message: "no connection" });

/** A source that answers with how often it was asked, or fails while `fails` is set. */
function open() {
  let now = T0;
  let shift = 0;
  const asked: string[] = [];
  const failures: string[] = [];
  const source = { fails: false, takesMs: 0 };
  const read = createFreshReads({
    read: async (key) => {
      asked.push(key);
      const count = asked.length;
      await Promise.resolve();
      now += source.takesMs;
      if (source.fails) throw broken;
      return count;
    },
    clock: { now: () => now + shift },
    steady: { now: () => now },
    refreshMs: 30_000,
    maxAgeMs: 60_000,
    pauseMs: 5000,
    onFailure: (key, { reason }) => void failures.push(`${key} ${reason}`),
  });
  const pass = (milliseconds: number): void => void (now += milliseconds);
  const setClock = (by: number): void => void (shift += by);
  return { read, asked, failures, source, pass, setClock };
}

const told = (value: number): object => ({ told: true, value });
const untold = (since: number): object => ({ told: false, since, failure: { reason: "unreachable" } });

describe("createFreshReads", () => {
  it("asks once for half a minute, and then again", async () => {
    const { read, asked, pass } = open();
    expect(await read("a")).toEqual(told(1));
    pass(30_000);
    expect(await read("a")).toEqual(told(1));
    pass(1);
    expect(await read("a")).toEqual(told(2));
    expect(asked).toHaveLength(2);
  });

  it("keeps keys apart", async () => {
    const { read } = open();
    expect(await read("a")).toEqual(told(1));
    expect(await read("b")).toEqual(told(2));
    expect(await read("a")).toEqual(told(1));
  });

  it("asks once for a hundred who come at once", async () => {
    const { read, asked } = open();
    const answers = await Promise.all(Array.from({ length: 100 }, async () => await read("a")));
    expect(answers).toEqual(Array.from({ length: 100 }, () => told(1)));
    expect(asked).toHaveLength(1);
  });

  it("gives the last answer for a minute while asking fails, and not a millisecond longer", async () => {
    const { read, source, pass } = open();
    await read("a");
    source.fails = true;
    pass(60_000);
    expect(await read("a")).toEqual(told(1));
    pass(1);
    expect(await read("a")).toMatchObject(untold(T0 + 60_000));
  });

  it("has no answer when there never was one", async () => {
    const { read, source } = open();
    source.fails = true;
    expect(await read("a")).toMatchObject(untold(T0));
  });

  it("says since when asking fails, and tells of it once", async () => {
    const { read, source, pass, failures } = open();
    source.fails = true;
    await read("a");
    pass(120_000);
    expect(await read("a")).toMatchObject(untold(T0));
    expect(failures).toEqual(["a unreachable"]);
    source.fails = false;
    pass(5001);
    expect(await read("a")).toMatchObject({ told: true });
    source.fails = true;
    pass(61_000);
    expect(await read("a")).toMatchObject(untold(T0 + 120_000 + 5001 + 61_000));
    expect(failures).toEqual(["a unreachable", "a unreachable"]);
  });

  it("leaves a source that fails alone for five seconds", async () => {
    const { read, source, pass, asked } = open();
    source.fails = true;
    for (let click = 0; click < 50; click++) await read("a");
    expect(asked).toHaveLength(1);
    pass(5001);
    await read("a");
    expect(asked).toHaveLength(2);
  });

  it("counts an answer's age from the question, so that a slow one is old when it comes", async () => {
    const { read, source } = open();
    source.takesMs = 60_001;
    expect(await read("a")).toMatchObject({ told: false, failure: { reason: "timeout" } });
  });

  it("asks again after the clock was set back, for nobody knows then how old the answer is", async () => {
    const { read, source, setClock } = open();
    await read("a");
    setClock(-1);
    expect(await read("a")).toEqual(told(2));
    setClock(-1);
    source.fails = true;
    expect(await read("a")).toMatchObject({ told: false });
  });

  it("is not fooled by a clock that was set back and has caught up", async () => {
    const { read, source, pass, setClock } = open();
    await read("a");
    source.fails = true;
    pass(50_000);
    setClock(-40_000);
    pass(40_000);
    expect(await read("a")).toMatchObject({ told: false });
  });

  it("is not fooled by a machine that slept", async () => {
    const { read, source, setClock } = open();
    await read("a");
    source.fails = true;
    setClock(60_001);
    expect(await read("a")).toMatchObject({ told: false });
  });

  it("holds a bounded number of keys, and loses the one that was asked for longest ago", async () => {
    const { read, asked } = open();
    await read("kept");
    await read("lost");
    for (let key = 0; key < 998; key++) await read(`other ${key}`);
    await read("kept");
    await read("one more");
    asked.length = 0;
    await read("kept");
    expect(asked).toEqual([]);
    await read("lost");
    expect(asked).toEqual(["lost"]);
  });
});
