import { describe, expect, it } from "@jest/globals";
import { FailureError } from "../../src/lib/failure.ts";
import type { RunStore } from "../../src/runner/ports.ts";
import { settled, T0 } from "./manual-time.ts";
import {
  ABSENT,
  alice,
  approved,
  asks,
  bob,
  createWorld,
  eventTypes,
  openRun,
  REMOVE,
  runbookOf,
  standOf,
  started,
  voters,
} from "./runner-world.ts";

const SECOND = 1000;
const MINUTE = 60_000;
const WATCHED = {
  id: "gone",
  manual: "Is it gone?",
  watch: { check: "test.peers", until: "!result.known", every: "3s" },
};

describe("an instance that carries runs", () => {
  it("carries a run to its end: plans, asks, calls once, sees the effect", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    expect(await standOf(first, runId)).toBe("gate");
    await approved(first, runId);
    expect(await standOf(first, runId)).toBe("resolved");
    expect(world.asked).toEqual(["preconditions", "preconditions", "perform", "probe", "read"]);
  });

  it("polls once in the step's interval, whatever else wakes the run", async () => {
    const world = createWorld(runbookOf(ABSENT));
    const first = await world.begun();
    const runId = await started(first);
    expect(world.asked).toEqual(["read"]);
    await world.time.advance(4999);
    expect(world.asked).toHaveLength(1);
    await world.time.advance(1);
    expect(world.asked).toHaveLength(2);
    await world.time.advance(10 * SECOND);
    expect(world.asked).toHaveLength(4);
    expect(await eventTypes(world, runId)).toEqual(["RunStarted", "StepStarted", "WaitBegun", "Polled"]);
  });

  it("looks every second whether a call took effect that is not seen yet", async () => {
    const world = createWorld();
    world.outside.perform = async () => ({});
    const first = await world.begun();
    const runId = await started(first);
    await approved(first, runId);
    await world.time.advance(3 * SECOND);
    expect(world.asked.filter((what) => what === "probe")).toHaveLength(4);
    world.outside.probe = async () => ({ verdict: "done", evidence: "it is gone" });
    world.outside.read = async () => ({ known: false });
    await world.time.advance(SECOND);
    expect(await standOf(first, runId)).toBe("resolved");
    expect(world.asked.filter((what) => what === "perform")).toHaveLength(1);
  });

  it("ends a read that takes longer than 10 s, and pauses before the next", async () => {
    const world = createWorld(runbookOf(ABSENT));
    world.outside.read = hanging;
    const first = await world.begun();
    const runId = await started(first);
    await world.time.advance(10 * SECOND);
    expect(world.asked).toHaveLength(1);
    expect((await openRun(first, runId)).phase).toMatchObject({ progress: "its time was over" });
    await world.time.advance(4999);
    expect(world.asked).toHaveLength(1);
    await world.time.advance(1);
    expect(world.asked).toHaveLength(2);
    await first.service.stop();
    expect(world.time.pending()).toBe(0);
  });

  it("ends a call that takes longer than 30 s, and looks for its effect instead of calling again", async () => {
    const world = createWorld();
    world.outside.perform = hanging;
    const first = await world.begun();
    const runId = await started(first);
    await approved(first, runId);
    await world.time.advance(29_999);
    expect(await standOf(first, runId)).toBe("attempted");
    await world.time.advance(1);
    expect((await openRun(first, runId)).phase).toMatchObject({ name: "probing", cause: "no-answer" });
    await world.time.advance(MINUTE);
    expect(world.asked.filter((what) => what === "perform")).toHaveLength(1);
    expect((await openRun(first, runId)).phase).toMatchObject({ name: "gate", gate: { id: "remove.2", votes: [] } });
  });

  it("ends what is no longer wanted, and does not record its late answer", async () => {
    const world = createWorld(runbookOf(WATCHED, ABSENT));
    const signals: AbortSignal[] = [];
    const late = Promise.withResolvers<{ known: boolean }>();
    world.outside.read = async (signal) => {
      signals.push(signal);
      return signals.length === 1 ? await late.promise : { known: true };
    };
    const first = await world.begun();
    const runId = await started(first);
    await asks(first, { type: "skip", runId, step: "gone", by: alice, reason: "it is known to be gone" });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    const before = await eventTypes(world, runId);
    late.resolve({ known: false });
    await settled();
    expect(await eventTypes(world, runId)).toEqual(before);
    expect((await openRun(first, runId)).phase).toMatchObject({ name: "waiting", step: "absent" });
  });

  it("ends the reads of a run that was aborted", async () => {
    const world = createWorld(runbookOf(ABSENT));
    let signal: AbortSignal | undefined;
    world.outside.read = async (given) => {
      signal = given;
      return await hanging(given);
    };
    const first = await world.begun();
    const runId = await started(first);
    await asks(first, { type: "abort", runId, by: alice, reason: "enough" });
    expect(signal?.aborted).toBe(true);
    // Only the look at the open runs is left.
    expect(world.time.pending()).toBe(1);
  });

  it("closes a gate at its expiry, not before and without a click", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    await world.time.advance(15 * MINUTE - 1);
    expect(await standOf(first, runId)).toBe("gate");
    await world.time.advance(1);
    expect(await standOf(first, runId)).toBe("stuck");
    expect(await eventTypes(world, runId)).toContain("GateExpired");
  });

  it("ends a wait at its deadline, though the check hangs", async () => {
    const world = createWorld(runbookOf({ ...ABSENT, timeout: "7s" }));
    world.outside.read = hanging;
    const first = await world.begun();
    const runId = await started(first);
    await world.time.advance(7 * SECOND);
    expect((await openRun(first, runId)).phase).toMatchObject({
      name: "stuck",
      failure: { message: 'waited 7s in vain for "absent" (test.peers); last seen: nothing' },
    });
  });

  it("says once that a run's cluster is not configured any more, and leaves the run open", async () => {
    const world = createWorld(runbookOf(ABSENT));
    const first = await world.begun();
    const runId = await started(first);
    await first.service.stop();
    const event = (await world.store.runs.read(runId))[0]?.event;
    if (event?.type !== "RunStarted") throw new Error("no start");
    await world.store.runs.append(
      "R-stage",
      0,
      [
        { ...event, runId: "R-stage", cluster: "stage" },
        { type: "StepStarted", at: T0, step: "absent", title: "t" },
        { type: "CheckRequested", at: T0, step: "absent", call: { name: "test.peers", with: {} } },
      ],
      {
        runbook: "lost-peer",
        cluster: "stage",
        state: "running",
        phase: "checking",
        startedAt: T0,
        startedBy: "alice",
        finishedAt: undefined,
        drill: false,
        driver: event.driver,
      },
    );
    await world.begun(1);
    await world.time.advance(10 * SECOND);
    expect(world.logged.filter((line) => line.includes("not configured any more"))).toHaveLength(1);
  });
});

describe("an instance that is stopped", () => {
  it("ends reads at once, records nothing of them and leaves no timer", async () => {
    const world = createWorld(runbookOf(ABSENT));
    world.outside.read = hanging;
    const first = await world.begun();
    const runId = await started(first);
    await first.service.stop();
    expect(world.time.pending()).toBe(0);
    expect(await eventTypes(world, runId)).toEqual(["RunStarted", "StepStarted", "WaitBegun"]);
  });

  it.each([
    { name: "between two polls", steps: [ABSENT] },
    { name: "at a gate", steps: [REMOVE] },
  ])("leaves no timer $name", async ({ steps }) => {
    const world = createWorld(runbookOf(...steps));
    const first = await world.begun();
    await started(first);
    expect(world.time.pending()).toBeGreaterThan(1);
    await first.service.stop();
    expect(world.time.pending()).toBe(0);
  });

  it("waits for a call that is under way, does not abort it, and records its answer", async () => {
    const world = createWorld();
    const call = Promise.withResolvers<Record<string, never>>();
    let signal: AbortSignal | undefined;
    world.outside.perform = async (given) => {
      signal = given;
      return await call.promise;
    };
    const first = await world.begun();
    const runId = await started(first);
    await approved(first, runId);
    let stopped = false;
    const stopping = first.service.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    expect(signal?.aborted).toBe(false);
    call.resolve({});
    await stopping;
    expect((await eventTypes(world, runId)).slice(-2)).toEqual(["StepAttempted", "ProbeBegun"]);
  });

  it("waits for the call of a run that was aborted meanwhile", async () => {
    const world = createWorld();
    const call = Promise.withResolvers<Record<string, never>>();
    world.outside.perform = async () => await call.promise;
    const first = await world.begun();
    const runId = await started(first);
    await approved(first, runId);
    await asks(first, { type: "abort", runId, by: alice, reason: "enough" });
    let stopped = false;
    const stopping = first.service.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    call.resolve({});
    await stopping;
    expect(world.time.pending()).toBe(0);
  });

  it("leaves, so that another takes the run over at once", async () => {
    const world = createWorld(runbookOf(ABSENT));
    const first = await world.begun(1);
    const runId = await started(first);
    await first.service.stop();
    const second = await world.begun(2);
    expect(await openRun(second, runId)).toMatchObject({ driver: "host:2:x" });
  });
});

describe("a store that fails", () => {
  it("gets a call's answer again and again until it takes it, and the call is made once", async () => {
    const world = createWorld();
    const { runs, fail } = failing(world.store.runs);
    const first = await world.begun(1, runs);
    const runId = await started(first);
    world.outside.perform = async () => {
      fail("append", 3);
      return {};
    };
    world.outside.probe = async () => ({ verdict: "done", evidence: "gone" });
    world.outside.read = async () => ({ known: false });
    await approved(first, runId);
    expect(await standOf(first, runId)).toBe("attempted");
    await world.time.advance(3 * SECOND);
    expect(await standOf(first, runId)).toBe("resolved");
    expect(world.asked.filter((what) => what === "perform")).toHaveLength(1);
    expect(world.logged.filter((line) => line.startsWith("cannot record an answer"))).toHaveLength(3);
  });

  it("that cannot be read for a moment after a poll does not end the polling", async () => {
    const world = createWorld(runbookOf(ABSENT));
    const { runs, fail } = failing(world.store.runs);
    const first = await world.begun(1, runs);
    await started(first);
    await world.time.advance(4 * SECOND);
    // From the second poll on, every read of the store fails for some seconds.
    fail("read", Number.POSITIVE_INFINITY);
    await world.time.advance(8 * SECOND);
    fail("read", 0);
    const polled = world.asked.length;
    await world.time.advance(15 * SECOND);
    expect(world.asked.length).toBeGreaterThanOrEqual(polled + 2);
  });

  it.each([1, 2, 3, 4, 5, 6])("at the %i. read after a poll goes on polling", async (nth) => {
    const world = createWorld(runbookOf(ABSENT));
    const { runs, fail } = failing(world.store.runs);
    const first = await world.begun(1, runs);
    await started(first);
    await world.time.advance(4999);
    fail("read", 1, nth);
    await world.time.advance(15 * SECOND);
    expect(world.asked.length).toBeGreaterThanOrEqual(3);
  });

  it("that cannot be listed for a moment is listed again", async () => {
    const world = createWorld(runbookOf(ABSENT));
    const first = await world.begun(1);
    await started(first);
    await first.service.stop();
    world.asked.length = 0;
    const { runs, fail } = failing(world.store.runs);
    fail("list", 1);
    await world.begun(2, runs);
    expect(world.asked).toEqual([]);
    await world.time.advance(2 * SECOND);
    expect(world.asked).toEqual(["read"]);
  });
});

describe("instances side by side", () => {
  it("take over the run of a dead one at the next look, and go on where it stood", async () => {
    const world = createWorld();
    const first = await world.begun(1);
    const runId = await started(first);
    const second = await world.begun(2);
    expect(await openRun(second, runId)).toMatchObject({ driver: "host:1:x" });
    world.alive.delete(1);
    await world.time.advance(2 * SECOND);
    expect(await openRun(second, runId)).toMatchObject({ driver: "host:2:x", phase: { name: "gate" } });
    await approved(second, runId);
    await world.time.advance(2 * SECOND);
    expect(await standOf(second, runId)).toBe("resolved");
  });

  it("never take a run of a living one", async () => {
    const world = createWorld();
    world.outside.perform = hanging;
    const first = await world.begun(1);
    const runId = await started(first);
    await approved(first, runId);
    const second = await world.begun(2);
    await world.time.advance(20 * SECOND);
    expect(await openRun(second, runId)).toMatchObject({ driver: "host:1:x", phase: { name: "attempted" } });
    expect(world.asked.filter((what) => what === "perform")).toHaveLength(1);
  });

  it("probe a call that a dead one may have made, and never make it again", async () => {
    const world = createWorld();
    world.outside.perform = async () => await new Promise<never>(() => {});
    const first = await world.begun(1);
    const runId = await started(first);
    await approved(first, runId);
    world.alive.delete(1);
    const second = await world.begun(2);
    expect((await openRun(second, runId)).phase).toMatchObject({ name: "probing", cause: "interrupted" });
    // The dead one may only sleep: until the attempt's own time is over it could still wake up and call.
    await world.time.advance(20 * SECOND);
    expect((await openRun(second, runId)).phase).toMatchObject({ name: "probing" });
    await world.time.advance(15 * SECOND);
    expect((await openRun(second, runId)).phase).toMatchObject({ name: "gate", gate: { id: "remove.2", votes: [] } });
    expect(world.asked.filter((what) => what === "perform")).toHaveLength(1);
  });

  it("see at their next look what another has stored", async () => {
    const world = createWorld();
    const first = await world.begun(1);
    const runId = await started(first);
    const terminal = world.instance(2);
    await approved(terminal, runId);
    expect(world.asked).not.toContain("perform");
    await world.time.advance(2 * SECOND);
    expect(await standOf(first, runId)).toBe("resolved");
  });

  it("tell their subscribers of a change that another made", async () => {
    const world = createWorld();
    const first = await world.begun(1);
    const runId = await started(first);
    const told: string[] = [];
    const end = first.service.subscribe((id) => told.push(id));
    await world.time.advance(2 * SECOND);
    expect(told).toEqual([]);
    const vote = { type: "approve", runId, gateId: "remove.1", by: bob, phrase: "prod" } as const;
    await asks(world.instance(2), vote);
    await world.time.advance(2 * SECOND);
    expect(told).toEqual([runId]);
    end();
    await asks(first, { type: "abort", runId, by: alice, reason: "enough" });
    expect(told).toEqual([runId]);
  });
});

describe("an instance that never began", () => {
  it("takes what people say and carries nothing", async () => {
    const world = createWorld();
    const terminal = world.instance(1);
    const runId = await started(terminal);
    await world.time.advance(MINUTE);
    expect(world.asked).toEqual([]);
    expect(world.time.pending()).toBe(0);
    expect(await standOf(terminal, runId)).toBe("locking");
    await asks(terminal, { type: "abort", runId, by: alice, reason: "enough" });
    expect(await standOf(terminal, runId)).toBe("aborted");
    await terminal.service.stop();
  });
});

describe("facts that change between the last yes and the call", () => {
  it("void the approval: nothing is called", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    world.outside.preconditions = async () => [voters(4)];
    await approved(first, runId);
    expect((await openRun(first, runId)).phase).toMatchObject({
      name: "gate",
      gate: { id: "remove.2", differences: ["was: 3 voters; is now: 4 voters"] },
    });
    expect(world.asked).not.toContain("perform");
  });
});

async function hanging(signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const end = (): void =>
      reject(new FailureError({ reason: "timeout", message: "its time was over", retryable: true }));
    signal.addEventListener("abort", end, { once: true });
  });
}

type Operation = "append" | "read" | "list";

/** A store whose next operations of a kind fail, from the nth on. */
function failing(inner: RunStore) {
  const left = { append: 0, read: 0, list: 0 };
  const skip = { append: 0, read: 0, list: 0 };
  const guard = (operation: Operation): void => {
    if (left[operation] <= 0) return;
    if (skip[operation] > 0) {
      skip[operation]--;
      return;
    }
    left[operation]--;
    throw new Error(`${operation} failed`);
  };
  const runs: RunStore = {
    ...inner,
    append: async (...given) => {
      guard("append");
      await inner.append(...given);
    },
    read: async (runId) => {
      guard("read");
      return await inner.read(runId);
    },
    list: async (filter) => {
      guard("list");
      return await inner.list(filter);
    },
  };
  return {
    runs,
    fail: (operation: Operation, times: number, nth = 1) => {
      left[operation] = times;
      skip[operation] = nth - 1;
    },
  };
}
