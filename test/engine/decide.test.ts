import { describe, expect, it } from "@jest/globals";
import { effects } from "../../src/engine/effects.ts";
import type { RunCommand } from "../../src/engine/commands.ts";
import type { OpenRun } from "../../src/engine/run.ts";
import {
  actor,
  attemptId,
  given,
  MINUTE,
  play,
  reading,
  start,
  T0,
  toAttempted,
  toGate,
  toManual,
  toPlanning,
  toRechecking,
  yes,
} from "./run-specification.ts";

const probe = (verdict: "done" | "not-done" | "unknown", at: number): RunCommand => ({
  type: "RecordProbe",
  at,
  attempt: attemptId,
  verdict,
  evidence: "vault-2 is in the list",
});
const performed = (outcome: Extract<RunCommand, { type: "RecordPerformed" }>["outcome"]): RunCommand => ({
  type: "RecordPerformed",
  epoch: 0,
  credential: undefined,
  at: T0 + 7,
  attempt: attemptId,
  outcome,
});
const noAnswer = performed({ ok: false, failure: { reason: "timeout", message: "no answer", retryable: true } });

describe("starting a run", () => {
  it("begins the first step", () => {
    given().when(start).thenEvents("RunStarted", "StepStarted", "CheckRequested");
  });

  it("refuses someone who may only look", () => {
    given()
      .when({ ...start, by: actor("dave", "viewer") })
      .thenRefused("dave may not start runs; the role responder is needed");
  });

  it("refuses someone without any role", () => {
    given()
      .when({ ...start, by: actor("dave", "none") })
      .thenRefused("dave may not start runs; the role responder is needed");
  });

  it("refuses a second start of the same run", () => {
    given(start).when(start).thenRefused("this run has already been started");
  });
});

describe("a check", () => {
  it("leads to the next step when it is as expected", () => {
    given(start)
      .when(toManual[1] as RunCommand)
      .thenEvents("StepSucceeded", "StepStarted", "ManualBegun");
  });

  it("ends the run when it is not, and the step says so", () => {
    const { run } = given(start).when({
      type: "RecordCheck",
      at: T0 + 1,
      step: "peers",
      outcome: { ok: true, value: { down: false } },
    });
    expect(run).toMatchObject({ status: "finished", result: "stopped", text: "it is up" });
  });

  it("asks people when it could not be read", () => {
    const run = given(start)
      .when({
        type: "RecordCheck",
        at: T0 + 1,
        step: "peers",
        outcome: { ok: false, failure: { reason: "unreachable", message: "no route", retryable: true } },
      })
      .thenEvents("StepStuck");
    expect(run.phase).toMatchObject({ name: "stuck", failure: { message: "no route" } });
  });

  it("ignores an answer that comes late, for another step", () => {
    given(...toManual)
      .when(toManual[1] as RunCommand)
      .thenNothing();
  });
});

describe("a gate", () => {
  it("opens with two approvals, the cluster's name and 15 minutes when the action is destructive", () => {
    const run = play(toGate).run as OpenRun;
    expect(run.phase).toMatchObject({
      name: "gate",
      gate: { approvals: 2, notTheStarter: true, phrase: "prod", expiresAt: T0 + 3 + 15 * MINUTE },
    });
    expect(effects(run)).toEqual([]);
  });

  it("does not open while a precondition does not hold, and says the arithmetic", () => {
    const run = given(...toPlanning)
      .when({ type: "RecordPreconditions", at: T0 + 3, step: "remove", holder: "host:1:a", outcome: reading(1, false) })
      .thenEvents("StepStuck");
    expect(run.phase).toMatchObject({
      failure: { reason: "refused", message: "cannot vault.raft-remove-peer on prod: 1 voters, 2 needed" },
    });
  });

  it("stays closed to the starter, also as an approver", () => {
    given(...toGate)
      .when({ ...yes("alice"), by: actor("alice", "approver") } as RunCommand)
      .thenRefused("alice started this run; another person must approve");
  });

  it("stays closed to a responder", () => {
    given(...toGate)
      .when({ ...yes("bob"), by: actor("bob", "responder") } as RunCommand)
      .thenRefused("bob may not approve; the role approver is needed");
  });

  it("refuses a wrong phrase", () => {
    given(...toGate)
      .when({ ...yes("bob"), phrase: "stage" } as RunCommand)
      .thenRefused("type the cluster's name exactly: prod");
  });

  it("counts a person once", () => {
    given(...toGate, yes("bob"))
      .when(yes("bob", T0 + 5))
      .thenRefused("bob has approved already; another person must approve too");
  });

  it("is agreed by the second person, and nothing is called before the preconditions were read again", () => {
    const run = given(...toGate, yes("bob"))
      .when(yes("carol", T0 + 5))
      .thenEvents("GateVoted", "GateAgreed");
    expect(run.phase.name).toBe("rechecking");
    expect(effects(run)).toMatchObject([{ type: "preconditions" }]);
  });

  it("answers a late yes with how the gate was closed", () => {
    given(...toAttempted)
      .when(yes("dave", T0 + 9))
      .thenRefused("this gate is closed: approved by bob and carol");
  });

  it("closes at the first no, with the reason", () => {
    const run = given(...toGate, yes("bob"))
      .when({ type: "Reject", at: T0 + 5, gate: "remove.1", by: actor("carol"), reason: "wrong node" })
      .thenEvents("GateRejected", "StepStuck");
    expect(run.gates[0]).toMatchObject({ outcome: "rejected", text: "rejected by carol: wrong node" });
  });

  it("expires by its own clock, and expiry is a no", () => {
    given(...toGate, yes("bob"))
      .when({ type: "Tick", at: T0 + 3 + 15 * MINUTE })
      .thenEvents("GateExpired", "StepStuck");
    given(...toGate)
      .when({ type: "Tick", at: T0 + 3 + 15 * MINUTE - 1 })
      .thenNothing();
  });

  it("is void when a precondition's value changed after the approval, and a new gate shows the difference", () => {
    const run = given(...toRechecking)
      .when({ type: "RecordPreconditions", at: T0 + 6, step: "remove", holder: "host:1:a", outcome: reading(4) })
      .thenEvents("GateVoided", "GateOpened");
    expect(run.phase).toMatchObject({
      name: "gate",
      gate: { id: "remove.2", votes: [], differences: ["was: 3 voters, 2 needed; is now: 4 voters, 2 needed"] },
    });
  });

  it("is void when the cluster is another one", () => {
    const other = { ...reading(), value: { ...reading().value, clusterId: "c-2" } };
    given(...toRechecking)
      .when({ type: "RecordPreconditions", at: T0 + 6, step: "remove", holder: "host:1:a", outcome: other })
      .thenEvents("GateVoided", "GateOpened");
  });

  it("is void when the preconditions do not hold any more", () => {
    given(...toRechecking)
      .when({ type: "RecordPreconditions", at: T0 + 6, step: "remove", holder: "host:1:a", outcome: reading(1, false) })
      .thenEvents("GateVoided", "StepStuck");
  });

  it("is void when the preconditions cannot be read again", () => {
    given(...toRechecking)
      .when({
        type: "RecordPreconditions",
        at: T0 + 6,
        step: "remove",
        holder: "host:1:a",
        outcome: { ok: false, failure: { reason: "timeout", message: "slow", retryable: true } },
      })
      .thenEvents("GateVoided", "StepStuck");
  });
});

describe("an attempt", () => {
  it("is recorded before the call, with who approved and who is about to call", () => {
    const run = given(...toRechecking)
      .when({ type: "RecordPreconditions", at: T0 + 6, step: "remove", holder: "host:1:a", outcome: reading() })
      .thenEvents("StepAttempted");
    expect(run.phase).toMatchObject({
      attempt: { id: attemptId, holder: "host:1:a", approvedBy: [{ id: "bob" }, { id: "carol" }] },
    });
    expect(effects(run)).toMatchObject([{ type: "perform" }]);
  });

  it("is not believed from a good answer: the effect is read first", () => {
    const run = given(...toAttempted)
      .when(performed({ ok: true, value: { removed_id: "vault-2" } }))
      .thenEvents("ProbeBegun");
    expect(effects(run)).toMatchObject([{ type: "probe" }]);
  });

  it("ends the step when the effect is seen", () => {
    given(...toAttempted, performed({ ok: true, value: {} }))
      .when(probe("done", T0 + 8))
      .thenEvents("StepSucceeded", "StepStarted", "WaitBegun");
  });

  it("asks people when the answer was good and the effect does not come", () => {
    given(...toAttempted, performed({ ok: true, value: {} }))
      .when(probe("not-done", T0 + 8))
      .thenNothing();
    given(...toAttempted, performed({ ok: true, value: {} }))
      .when(probe("not-done", T0 + 7 + 10_000))
      .thenEvents("StepStuck");
  });

  it("is over when the server says clearly that it did nothing", () => {
    given(...toAttempted)
      .when(performed({ ok: false, failure: { reason: "denied", message: "403", retryable: false } }))
      .thenEvents("StepStuck");
  });

  it("is probed after a call without a clear answer", () => {
    given(...toAttempted)
      .when(noAnswer)
      .thenEvents("ProbeBegun");
  });

  it("asks for a new approval when a call without an answer took no effect", () => {
    const run = given(...toAttempted, noAnswer)
      .when(probe("not-done", T0 + 7 + 10_000))
      .thenEvents("Said", "PlanRequested");
    expect(effects(run)).toMatchObject([{ type: "preconditions" }]);
  });

  it("is unknown when nobody can tell, and people decide", () => {
    const unknown: RunCommand[] = [...toAttempted, noAnswer, probe("unknown", T0 + 7 + 10_000)];
    expect((play(unknown).run as OpenRun).phase.name).toBe("unknown");
    given(...unknown)
      .when({ type: "MarkDone", at: T0 + 20_000, step: "remove", by: actor("bob"), reason: "seen in the list" })
      .thenEvents("StepSucceeded", "StepStarted", "WaitBegun");
    given(...unknown)
      .when({ type: "MarkDone", at: T0 + 20_000, step: "remove", by: actor("dave", "responder"), reason: "x" })
      .thenRefused("dave may not decide what an unknown call did; the role approver is needed");
    given(...unknown)
      .when({
        type: "Retry",
        at: T0 + 20_000,
        step: "remove",
        by: actor("bob"),
        reason: "the log says that it never came",
      })
      .thenEvents("Said", "PlanRequested");
  });
});

describe("taking over from a dead instance", () => {
  const takeOver: RunCommand = { type: "TakeOver", at: T0 + 60_000, driver: "host:2:b" };

  it("probes a call that may have been made, and never makes it", () => {
    const run = given(...toAttempted)
      .when(takeOver)
      .thenEvents("DriverChanged", "ProbeBegun");
    expect(effects(run)).toMatchObject([{ type: "probe" }]);
  });

  it("says what it found when the call was made", () => {
    const run = given(...toAttempted, takeOver)
      .when(probe("done", T0 + 60_001))
      .thenEvents("StepSucceeded", "StepStarted", "WaitBegun");
    expect(run.steps[2]?.text).toBe(
      "vault-2 is in the list (found after an interruption of the program; the call was not made again)",
    );
  });

  it("leaves a gate and its votes as they are", () => {
    const run = given(...toGate, yes("bob"))
      .when(takeOver)
      .thenEvents("DriverChanged");
    expect(run.phase).toMatchObject({ name: "gate", gate: { votes: [{ by: { id: "bob" } }] } });
  });
});

describe("people", () => {
  it("end a manual step by their word only when nothing watches", () => {
    given(...toManual)
      .when({ type: "ConfirmManual", at: T0 + 2, step: "gone", by: actor("dave", "viewer") })
      .thenRefused("dave may not confirm steps; the role responder is needed");
  });

  it("skip a stuck step with a reason that stays", () => {
    const stuck: RunCommand[] = [
      start,
      {
        type: "RecordCheck",
        at: T0 + 1,
        step: "peers",
        outcome: { ok: false, failure: { reason: "timeout", message: "slow", retryable: true } },
      },
    ];
    const run = given(...stuck)
      .when({ type: "Skip", at: T0 + 2, step: "peers", by: actor("bob"), reason: "known" })
      .thenEvents("StepSkipped", "StepStarted", "ManualBegun");
    expect(run.steps[0]).toMatchObject({ status: "skipped", text: "skipped by bob: known" });
  });

  it("cannot skip a gate", () => {
    given(...toGate)
      .when({ type: "Skip", at: T0 + 4, step: "remove", by: actor("bob", "admin"), reason: "hurry" })
      .thenRefused("this step cannot be skipped now");
  });

  it.each([
    { name: "checking", commands: [start] },
    { name: "manual work", commands: toManual },
    { name: "planning", commands: toPlanning },
    { name: "a gate", commands: toGate },
    { name: "rechecking", commands: toRechecking },
    { name: "an unknown outcome", commands: [...toAttempted, noAnswer, probe("unknown", T0 + 7 + 10_000)] },
  ])("abort during $name", ({ commands }) => {
    const { run } = given(...commands).when({
      type: "Abort",
      at: T0 + 30_000,
      by: actor("bob", "responder"),
      reason: "stop",
    });
    expect(run).toMatchObject({ status: "finished", result: "aborted" });
  });

  it("abort during a call under way, whose effect is still found out", () => {
    const abort: RunCommand = { type: "Abort", at: T0 + 30_000, by: actor("bob", "responder"), reason: "stop" };
    const waiting = given(...toAttempted)
      .when(abort)
      .thenEvents("CancelBegun");
    expect(waiting.phase.name).toBe("attempted");
    const { run } = given(...toAttempted, abort, { ...noAnswer, at: T0 + 30_001 }).when(probe("done", T0 + 30_002));
    expect(run).toMatchObject({
      status: "finished",
      result: "aborted",
      text: "Aborted by bob: stop. A call was under way (a step): vault-2 is in the list (found after a call without a clear answer; the call was not made again).",
    });
  });

  it("are told when a run has ended", () => {
    given(start, { type: "Abort", at: T0 + 1, by: actor("bob"), reason: "stop" })
      .when({ type: "Retry", at: T0 + 2, step: "peers", by: actor("bob") })
      .thenRefused("this run has ended (aborted): Aborted by bob: stop.");
  });
});

describe("waiting", () => {
  const toWaiting: RunCommand[] = [...toAttempted, performed({ ok: true, value: {} }), probe("done", T0 + 8)];
  const poll = (known: boolean, at: number): RunCommand => ({
    type: "RecordPoll",
    at,
    step: "absent",
    outcome: { ok: true, value: { known } },
  });

  it("goes on until the condition holds, then the run says its last word and is resolved", () => {
    given(...toWaiting)
      .when(poll(true, T0 + 9))
      .thenEvents("Polled");
    given(...toWaiting, poll(true, T0 + 9))
      .when(poll(true, T0 + 10))
      .thenNothing();
    const { run } = given(...toWaiting).when(poll(false, T0 + 10));
    expect(run).toMatchObject({ status: "finished", result: "resolved", text: "Every step is done." });
  });

  it("gives up after its time, with what was seen last", () => {
    const run = given(...toWaiting, poll(true, T0 + 9))
      .when({ type: "Tick", at: T0 + 8 + MINUTE })
      .thenEvents("StepStuck");
    expect(run.phase).toMatchObject({
      failure: {
        reason: "timeout",
        message: 'waited 60s in vain for "absent" (vault.raft-peers); last seen: known: true',
      },
    });
  });
});
