import { describe, expect, it, jest } from "@jest/globals";
import type { RunEvent } from "../../src/engine/events.ts";
import type { RunRequest } from "../../src/runner/ports.ts";
import type { RunningService } from "../../src/runner/run-service.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { describeWith } from "../support/real.ts";
import { temporaryFiles } from "../store/sqlite/temporary-file.ts";
import { testServer } from "../store/postgres/test-database.ts";
import { ABSENT, alice, bob, carol, goodOutside, REMOVE, runbookOf } from "./runner-world.ts";
import { createReplica, type RunParts } from "./two-replicas.ts";

/*
 * R3: a hundred identical clicks at one moment, half of them on each of two replicas. One of them happens; every other is answered, and says
 * why nothing happened.
 */
jest.setTimeout(120_000);

const CLICKS = 100;
const dave = { ...alice, id: "dave", name: "dave" };
const erin = { ...alice, id: "erin", name: "erin", role: "admin" as const };
const runbook = runbookOf(
  { id: "sure", ask: "Is it lost?", answer: { type: "bool" } },
  { id: "work", manual: "Look at it." },
  REMOVE,
  ABSENT,
);

/** What a hundred clicks led to: how many happened, how often their event is new in the timeline, and why the others did not. */
type Told = { readonly happened: number; readonly events: number; readonly codes: readonly string[] };

type Town = {
  readonly click: (request: RunRequest, event: RunEvent["type"]) => Promise<Told>;
  /** Waits until the run is in a phase. */
  readonly until: (phase: string) => Promise<void>;
  readonly request: (request: RunRequest) => Promise<void>;
  /** Resolves when the call has left: an abort before that ends the run without it. */
  readonly callLeft: Promise<void>;
  /** Lets the call answer. */
  readonly answerCall: () => void;
};

type Stores = readonly [RunParts, RunParts];

async function withTown(stores: Stores, work: (town: Town, runId: string) => Promise<void>): Promise<void> {
  const outside = goodOutside();
  const { promise, resolve: answerCall } = Promise.withResolvers<void>();
  const { promise: callLeft, resolve: leave } = Promise.withResolvers<void>();
  const { perform } = outside;
  outside.perform = async (signal) => {
    leave();
    await promise;
    return await perform(signal);
  };
  const [left, right] = [
    createReplica(stores[0], "left:1:x", { runbook, outside }),
    createReplica(stores[1], "right:1:x", { runbook, outside }),
  ];
  await left.begin();
  await right.begin();
  try {
    const started = await left.start({
      runbook: runbook.id,
      inputs: { cluster: "prod" },
      by: alice,
      origin: { surface: "cli" },
    });
    if (!started.ok) throw new Error(started.why);
    const { runId } = started;
    await work(townOf(stores[0], { left, right, runId, callLeft, answerCall }), runId);
    expect(await stores[0].runs.verify(runId)).toBeUndefined();
  } finally {
    answerCall();
    await left.stop();
    await right.stop();
  }
}

type Parts = Pick<Town, "callLeft" | "answerCall"> & {
  readonly left: RunningService;
  readonly right: RunningService;
  readonly runId: string;
};

function townOf({ runs }: RunParts, { left, right, runId, callLeft, answerCall }: Parts): Town {
  const count = async (type: RunEvent["type"]) =>
    (await runs.read(runId)).filter(({ event }) => event.type === type).length;
  return {
    callLeft,
    answerCall,
    click: async (request, event) => {
      const before = await count(event);
      const answers = await Promise.all(
        Array.from({ length: CLICKS }, async (_, index) => await (index % 2 === 0 ? left : right).ask(request)),
      );
      const codes = answers.flatMap((answer) => (answer.ok ? [] : [answer.code]));
      return {
        happened: answers.filter(({ ok }) => ok).length,
        events: (await count(event)) - before,
        codes: [...new Set(codes)].sort(),
      };
    },
    until: async (phase) => {
      await waitFor(`the phase ${phase}`, async () => {
        const { run } = (await left.get(runId)) ?? {};
        return run?.status === "open" && run.phase.name === phase ? true : undefined;
      });
    },
    request: async (request) => {
      const answer = await right.ask(request);
      if (!answer.ok) throw new Error(answer.why);
    },
  };
}

const once = (...codes: readonly string[]): Told => ({ happened: 1, events: 1, codes });

async function clickEverything(stores: Stores): Promise<void> {
  await withTown(stores, async ({ click, until, request, callLeft, answerCall }, runId) => {
    const gate = (name: string) => ({ runId, gateId: `remove.${name}` });
    const retry = { type: "retry", runId, step: "remove", by: alice } as const;
    const yes = (name: string, by: typeof bob) => ({ type: "approve", ...gate(name), by, phrase: "prod" }) as const;

    await until("asking");
    expect(await click({ type: "answer", runId, step: "sure", by: alice, value: "yes" }, "StepSucceeded")).toEqual(
      once("not-now"),
    );
    expect(await click({ type: "confirm-manual", runId, step: "work", by: alice }, "StepSucceeded")).toEqual(
      once("not-now"),
    );
    await until("gate");
    expect(await click({ type: "assign", runId, by: dave, to: { id: "dave", name: "dave" } }, "Assigned")).toEqual(
      once("not-now"),
    );
    expect(await click(yes("1", bob), "GateVoted")).toEqual(once("voted-already"));
    expect(await click({ type: "break-lock", runId, by: erin, reason: "it hangs" }, "LockLost")).toEqual(
      once("not-now"),
    );
    await until("stuck");
    expect(await stores[1].locks.list()).toEqual([]);
    expect(await click(retry, "StepStarted")).toEqual(once("not-now"));
    await until("gate");
    expect(await click({ type: "reject", ...gate("2"), by: bob, reason: "no" }, "GateRejected")).toEqual(
      once("closed"),
    );
    await request(retry);
    await until("gate");
    expect(await click(yes("3", bob), "GateVoted")).toEqual(once("voted-already"));
    expect(await click(yes("3", carol), "GateAgreed")).toEqual(once("closed"));
    await callLeft;
    expect(await click({ type: "abort", runId, by: alice, reason: "stop" }, "CancelBegun")).toEqual(once("not-now"));
    answerCall();
    await waitFor("the end", async () =>
      (await stores[0].runs.list({ open: true, limit: 1 })).length === 0 ? true : undefined,
    );
    expect(await click({ type: "abort", runId, by: alice, reason: "stop" }, "CancelBegun")).toEqual({
      happened: 0,
      events: 0,
      codes: ["ended"],
    });
  });
}

/** An abort of a run that waits for people ends it at once. */
async function clickAbort(stores: Stores): Promise<void> {
  await withTown(stores, async ({ click, until }, runId) => {
    await until("asking");
    expect(await click({ type: "skip", runId, step: "sure", by: alice, reason: "I know" }, "StepSkipped")).toEqual(
      once("not-now"),
    );
    expect(await click({ type: "abort", runId, by: alice, reason: "stop" }, "RunFinished")).toEqual(once("ended"));
  });
}

const TITLE = "do once what a click asks, and answer every other click";

describeWith(["postgresql"], "two replicas on two pools of one PostgreSQL", () => {
  const { server, open } = testServer();
  it.each([
    { name: "on the way to a call that is aborted", clicks: clickEverything },
    { name: "that leave out a step, and end the run", clicks: clickAbort },
  ])(`${TITLE}: $name`, async ({ clicks }) => {
    const database = await server().createDatabase();
    const left = await open({ database });
    const right = await open({ database });
    try {
      await clicks([left, right]);
    } finally {
      await left.close();
      await right.close();
    }
  });
});

describe("two connections to one SQLite file", () => {
  const temporaryFile = temporaryFiles();
  it.each([
    { name: "on the way to a call that is aborted", clicks: clickEverything },
    { name: "that leave out a step, and end the run", clicks: clickAbort },
  ])(`${TITLE}: $name`, async ({ clicks }) => {
    const path = temporaryFile();
    const [left, right] = [openSqliteStore({ path }), openSqliteStore({ path })];
    try {
      await clicks([left, right]);
    } finally {
      left.close();
      right.close();
    }
  });
});
