import { describe, expect, it } from "@jest/globals";
import { holdLock, LOCK_TTL_MS } from "../../src/lib/hold-lock.ts";
import type { TimedLock } from "../../src/lib/timed-lock.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { createManualTime } from "../runner/manual-time.ts";

const broken = async (): Promise<never> => await Promise.reject(new Error("the store is away"));

function world(changes: (lock: TimedLock) => Partial<TimedLock> = () => ({})) {
  const time = createManualTime();
  const lock = createMemoryStore().timedLock;
  const hold = async () => await holdLock({ ...time, lock: { ...lock, ...changes(lock) }, name: "prod" });
  return { time, lock, hold };
}

describe("holdLock", () => {
  it("keeps what it took for as long as it lives, and nobody else gets it", async () => {
    const { time, hold } = world();
    const kept = await hold();

    await time.advance(10 * LOCK_TTL_MS);

    expect(kept?.lost.aborted).toBe(false);
    expect(await hold()).toBeUndefined();
  });

  it("leaves it to the next at once when it is given back, and sets no timer more", async () => {
    const { time, hold } = world();
    const kept = await hold();

    await kept?.release();

    expect(time.pending()).toBe(0);
    expect(await hold()).toBeDefined();
  });

  it("finds out that another took it while this process was stopped", async () => {
    const { time, lock, hold } = world();
    const kept = await hold();
    expect(await lock.acquire("prod", { at: time.clock.now() + LOCK_TTL_MS, ttlMs: LOCK_TTL_MS })).toBeDefined();

    await time.leap(LOCK_TTL_MS);

    expect(kept?.lost.aborted).toBe(true);
    expect(time.pending()).toBe(0);
  });

  it("outlives a store that is away for a moment, but not for longer than the lock lives", async () => {
    let away = false;
    const { time, hold } = world((lock) => ({
      renew: async (held, at) => await (away ? broken() : lock.renew(held, at)),
    }));
    const kept = await hold();

    away = true;
    await time.advance(LOCK_TTL_MS - 1);
    away = false;
    await time.advance(LOCK_TTL_MS);
    expect(kept?.lost.aborted).toBe(false);

    away = true;
    await time.advance(2 * LOCK_TTL_MS);
    expect(kept?.lost.aborted).toBe(true);
  });
});
