import { describe, expect, it } from "@jest/globals";
import type { Action } from "../../src/actions/action.ts";
import type { Effect } from "../../src/engine/effects.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { carryOut } from "../../src/runner/carry-out.ts";
import type { RunStore } from "../../src/runner/ports.ts";
import { createTimeline } from "../../src/runner/timeline.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { settled, T0 } from "./manual-time.ts";
import {
  alice,
  approved,
  asks,
  bob,
  cluster,
  createWorld,
  eventTypes,
  goodOutside,
  openRun,
  registriesOf,
  standOf,
  started,
  type Instance,
} from "./runner-world.ts";

/* What a hostile reading of the runner found; each stood open once. */
const SECOND = 1000;
const erin = { ...bob, id: "erin", name: "erin", role: "admin" as const };

describe("a cluster's lock", () => {
  it("that is gone where it is kept lets no call leave, whatever the run believes of it", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    await world.store.locks.release("prod", runId);
    await approved(first, runId);
    const { phase } = await openRun(first, runId);
    expect(phase).toMatchObject({
      name: "stuck",
      failure: { message: `cannot change anything for run ${runId}: the cluster's lock is not this run's any more` },
    });
    expect(world.asked).not.toContain("perform");
  });

  it("that its run does not know of can be taken away: it was given after nobody wanted it", async () => {
    const world = createWorld();
    const first = await world.begun();
    await world.store.locks.acquire("prod", "another", 1);
    const runId = await started(first);
    expect(await standOf(first, runId)).toBe("locking");
    await asks(first, { type: "skip", runId, step: "remove", by: alice, reason: "not now" });
    await world.store.locks.release("prod", "another");
    await world.store.locks.acquire("prod", runId, 2);
    const answer = await first.service.ask({ type: "break-lock", runId, by: erin, reason: "it hangs" });
    expect(answer).toMatchObject({ ok: false, code: "not-now" });
    expect(await world.store.locks.list()).toEqual([]);
    await world.store.locks.acquire("prod", "another", 3);
    expect((await first.service.ask({ type: "break-lock", runId, by: alice, reason: "r" })).ok).toBe(false);
    expect(await world.store.locks.list()).toHaveLength(1);
  });
});

describe("whoever takes a lock away and is slow to give it back", () => {
  it("does not take it from the run that has asked for it again meanwhile", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow: RunStore = {
      ...world.store.runs,
      append: async (id, expected, events, summary) => {
        await world.store.runs.append(id, expected, events, summary);
        if (events.some(({ type }) => type === "LockLost")) await promise;
      },
    };
    const answer = world.instance(2, slow).service.ask({ type: "break-lock", runId, by: erin, reason: "it hangs" });
    await settled();
    expect(await standOf(first, runId)).toBe("stuck");
    await asks(first, { type: "retry", runId, step: "remove", by: alice });
    expect((await openRun(first, runId)).locked).toBe(true);
    resolve();
    expect(await answer).toMatchObject({ ok: true });
    expect(await world.store.locks.list()).toMatchObject([{ cluster: "prod", runId }]);
  });
});

describe("time that a timer does not see", () => {
  /** Lets the clock jump while timers stand still, as a machine that slept or a clock that was set. */
  const jump = async (world: ReturnType<typeof createWorld>, milliseconds: number): Promise<void> => {
    const { clock } = world.time;
    const before = clock.now;
    Object.assign(clock, { now: () => before() + milliseconds });
    await settled();
  };

  it("closes a gate within 5 s when it jumps past the gate's end", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    await jump(world, 16 * 60 * SECOND);
    await world.time.advance(5 * SECOND);
    expect(await eventTypes(world, runId)).toContain("GateExpired");
  });

  it("leaves a gate open when it jumps back, and asks the store no more than before", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    await jump(world, -60 * 60 * SECOND);
    await world.time.advance(60 * SECOND);
    expect(await standOf(first, runId)).toBe("gate");
    await approved(first, runId);
    expect(await standOf(first, runId)).toBe("resolved");
  });
});

describe("many who write to a run at one moment", () => {
  it("are all heard: none loses against the others so often that it gives up", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    const note = async (index: number, { service }: Instance) =>
      await service.ask({ type: "note", runId, by: alice, text: `note ${index}` });
    const answers = await Promise.all(Array.from({ length: 100 }, async (_, index) => await note(index, first)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(100);
    expect((await openRun(first, runId)).notes).toHaveLength(100);
  });
});

describe("an instance that cannot carry a run", () => {
  it("says so once, and not every two seconds", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    const broken = {
      ...world.store.runs,
      read: async () => {
        throw new FailureError({ reason: "invalid-answer", retryable: false, message: "it is damaged" });
      },
    };
    await world.begun(2, broken);
    world.logged.length = 0;
    await world.time.advance(60 * SECOND);
    const complaints = world.logged.filter((line) => line.includes(runId) && line.includes("could not be carried on"));
    expect(complaints.length).toBeLessThanOrEqual(1);
  });

  it("still ends one that is being aborted, and hears what its call did", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    world.outside.perform = async () => await new Promise(() => {});
    await approved(first, runId);
    await asks(first, { type: "abort", runId, by: alice, reason: "stop" });
    const newer = createTimeline({
      store: world.store.runs,
      compile: () => {
        throw new FailureError({ reason: "refused", retryable: false, message: "it has no such action any more" });
      },
    });
    const at = world.time.clock.now() + 40 * SECOND;
    expect(await newer.dispatch(runId, { type: "TakeOver", driver: "host:9:x", at })).toMatchObject({ ok: true });
    const attempt = `${runId}/remove/1`;
    const probe = { type: "RecordProbe", attempt, verdict: "done", evidence: "it is gone", at } as const;
    expect(await newer.dispatch(runId, probe)).toMatchObject({ ok: true });
    expect(await standOf(first, runId)).toBe("aborted");
    expect(await newer.dispatch(runId, probe)).toEqual({ ok: true, appended: 0 });
  });
});

describe("the token of a call", () => {
  it("that cannot be ended takes nothing from what the call answered", async () => {
    const plan = { call: { name: "test.remove-peer", with: {} } } as Extract<Effect, { type: "perform" }>["plan"];
    const attempt = { id: "R1/remove/1", at: T0, holder: "host:1:x", epoch: 0, deadline: T0 + 30_000, approvedBy: [] };
    const { checks, actions } = registriesOf(goodOutside());
    const [action] = actions.values();
    if (action === undefined) throw new Error("there is no action");
    const needsToken = {
      ...action,
      grants: [{ path: "sys/step-down", capabilities: ["update"] }],
    } as unknown as Action;
    const operator = {
      open: async () => ({
        cluster,
        end: async () => {
          throw new FailureError({ reason: "unreachable", retryable: true, message: "nobody answers" });
        },
      }),
    };
    const command = await carryOut(
      { type: "perform", key: "k", step: "remove", plan, attempt, withinMs: 30_000 },
      {
        checks,
        actions: new Map([[action.name, needsToken]]),
        holder: "host:1:x",
        run: { id: "R1", epoch: 0, cluster: "prod" },
        locks: createMemoryStore().locks,
        mayLeave: async () => {},
        context: {
          cluster: { ...cluster, operator } as unknown as VaultCluster,
          clock: { now: () => T0 },
          signal: new AbortController().signal,
          services: {},
        },
      },
    );
    expect(command).toMatchObject({
      type: "RecordPerformed",
      outcome: { ok: true },
      credential: "the token of this call was not revoked: nobody answers",
    });
  });

  it("is not even minted when the run was ended before the call left", async () => {
    const world = createWorld();
    const first = await world.begun();
    const runId = await started(first);
    const { list } = world.store.locks;
    // The last thing that is asked before a call leaves: here people abort the run.
    let isAborted = false;
    Object.assign(world.store.locks, {
      list: async () => {
        if (!isAborted) {
          isAborted = true;
          await first.service.ask({ type: "abort", runId, by: alice, reason: "stop" });
        }
        return await list();
      },
    });
    await approved(first, runId);
    expect(await standOf(first, runId)).toBe("aborted");
    expect(world.asked).not.toContain("perform");
  });
});
