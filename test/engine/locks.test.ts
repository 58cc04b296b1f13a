import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import { decide } from "../../src/engine/decide.ts";
import type { OpenRun } from "../../src/engine/run.ts";
import { bookOf, playBook } from "./nested-specification.ts";
import {
  actor,
  given,
  lock,
  play,
  program,
  reading,
  T0,
  toAttempted,
  toGate,
  toLocking,
  toPlanning,
  toRechecking,
} from "./run-specification.ts";

const another = (at: number, since = T0 - 60_000): RunCommand => ({
  type: "RecordLock",
  at,
  step: "remove",
  outcome: { ok: true, value: { runId: "R0", since } },
});
const takeAway: RunCommand = { type: "LoseLock", at: T0 + 10, by: actor("erin", "admin"), reason: "R1 hangs" };

describe("the cluster's lock", () => {
  it("is asked for before the first call of a run that may disturb the cluster, and no fact is read without it", () => {
    given(...toLocking.slice(0, -1))
      .when({ type: "ConfirmManual", at: T0 + 2, step: "gone", by: actor("alice", "responder") })
      .thenEvents("StepSucceeded", "StepStarted", "LockRequested");
  });

  it("is waited for while another run has it, which is said once", () => {
    const run = given(...toLocking)
      .when(another(T0 + 3))
      .thenEvents("LockAwaited");
    expect(run.phase).toMatchObject({ name: "locking", heldBy: { runId: "R0", since: T0 - 60_000 } });
    given(...toLocking, another(T0 + 3))
      .when(another(T0 + 8))
      .thenNothing();
  });

  it("is the run's own from then on", () => {
    const run = given(...toLocking, another(T0 + 3))
      .when(lock(T0 + 9))
      .thenEvents("LockTaken", "PlanRequested");
    expect(run.locked).toBe(true);
  });

  it("is not taken for granted when the store cannot tell", () => {
    const failure = { reason: "unreachable" as const, message: "no database", retryable: true };
    given(...toLocking)
      .when({ type: "RecordLock", at: T0 + 3, step: "remove", outcome: { ok: false, failure } })
      .thenNothing();
  });

  it("is not wanted by a runbook that only looks", () => {
    const play = playBook(bookOf([{ id: "look", check: "test.peers" }]));
    expect(play.open().locked).toBe(false);
    expect(play.open().phase.name).toBe("checking");
  });

  it("is taken away by an admin alone, with a reason, into the timeline, and the open gate falls with it", () => {
    given(...toGate)
      .when({ ...takeAway, by: actor("bob") })
      .thenRefused("bob may not break locks; the role admin is needed", "role");
    given(...toGate)
      .when({ ...takeAway, reason: " " })
      .thenRefused("say why the lock is taken away", "reason-missing");
    const run = given(...toGate)
      .when(takeAway)
      .thenEvents("LockLost", "GateVoided", "StepStuck");
    expect(run.locked).toBe(false);
    expect(run.gates[0]).toMatchObject({
      outcome: "voided",
      text: "void: erin took the cluster's lock away: R1 hangs",
    });
  });

  it("is asked for again before the call is asked for again", () => {
    given(...toGate, takeAway)
      .when({ type: "Retry", at: T0 + 20, step: "remove", by: actor("bob") })
      .thenEvents("StepStarted", "LockRequested");
  });

  it("is never taken away in the middle of a call", () => {
    given(...toAttempted)
      .when(takeAway)
      .thenRefused("what a call of this run did is not known yet; wait for it, or abort the run", "not-now");
  });

  it("is asked for by a run of version 0.1 that came to its gate without it", () => {
    const unlocked = { ...(play(toRechecking).run as OpenRun), locked: false };
    const again: RunCommand = {
      type: "RecordPreconditions",
      at: T0 + 6,
      step: "remove",
      holder: "host:1:a",
      outcome: reading(),
    };
    const decision = decide(again, unlocked, program);
    expect("events" in decision ? decision.events.map(({ type }) => type) : decision).toEqual([
      "GateVoided",
      "LockRequested",
    ]);
  });

  it("cannot be taken from a run that has none", () => {
    given(...toLocking)
      .when(takeAway)
      .thenRefused("this run does not hold the cluster's lock", "not-now");
    expect(given(...toPlanning).when(takeAway).run).toMatchObject({ locked: false, phase: { name: "stuck" } });
  });
});
