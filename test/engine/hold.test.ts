import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import { effects } from "../../src/engine/effects.ts";
import { viewRun } from "../../src/engine/view.ts";
import {
  actor,
  attemptId,
  given,
  lock,
  reading,
  T0,
  toAttempted,
  toGate,
  toLocking,
  toPlanning,
  toRechecking,
} from "./run-specification.ts";

const alert = (status: "firing" | "resolved", at = T0 + 10): RunCommand => ({ type: "NoteAlert", at, status });
const reopen = { type: "Reopen" as const, at: T0 + 20, step: "remove", by: actor("alice", "responder") };
const facts = (at: number): RunCommand => ({
  type: "RecordPreconditions",
  at,
  step: "remove",
  holder: "host:1:a",
  outcome: reading(),
});

describe("a run whose alert is resolved", () => {
  it("closes its open gate, whatever was agreed, and asks for the call no more", () => {
    for (const standing of [toGate, toRechecking]) {
      const run = given(...standing)
        .when(alert("resolved"))
        .thenEvents("AlertNoted", "GateVoided", "StepHeld");
      expect(run.phase).toMatchObject({ name: "held", step: "remove" });
      expect(effects(run)).toEqual([]);
    }
  });

  it("opens no gate either when the alert was resolved before it came to one", () => {
    given(...toPlanning, alert("resolved"))
      .when(facts(T0 + 11))
      .thenEvents("StepHeld");
  });

  it("says what it waits for, and what a person may do", () => {
    const { run } = given(...toGate).when(alert("resolved"));
    if (run.status !== "open") throw new Error("the run is not open");
    const view = viewRun(run);
    expect(view.stateText).toBe(
      "held back: the alert is resolved, so vault.raft-remove-peer is not asked for any more",
    );
    expect(view.choices).toEqual(["reopen", "skip", "abort"]);
  });

  it("plans and asks anew when a person re-opens it, and stays re-opened", () => {
    given(...toGate, alert("resolved"))
      .when(reopen)
      .thenEvents("RunReopened", "PlanRequested");
    const run = given(...toGate, alert("resolved"), reopen)
      .when(facts(T0 + 21))
      .thenEvents("GateOpened");
    expect(run.gates.map(({ outcome }) => outcome)).toEqual(["voided", "open"]);
    expect(run.notes.at(-1)?.text).toBe("alice re-opened the run although its alert is resolved");
  });

  it("is re-opened for this time only: when the alert fires and is resolved again, it is held back again", () => {
    given(...toGate, alert("resolved"), reopen, facts(T0 + 21), alert("firing", T0 + 22))
      .when(alert("resolved", T0 + 23))
      .thenEvents("AlertNoted", "GateVoided", "StepHeld");
  });

  it("asks again by itself when the alert fires again", () => {
    given(...toGate, alert("resolved"))
      .when(alert("firing", T0 + 30))
      .thenEvents("AlertNoted", "PlanRequested");
  });

  it("waits for the cluster's lock again when it was taken away meanwhile", () => {
    const broken: RunCommand = {
      type: "LoseLock",
      at: T0 + 12,
      by: actor("erin", "admin"),
      reason: "another needs it",
    };
    given(...toGate, alert("resolved"), broken)
      .when(reopen)
      .thenEvents("RunReopened", "LockRequested");
  });

  it("does not make a call again whose first attempt surely did nothing", () => {
    const nothingDone: RunCommand[] = [
      ...toAttempted,
      { type: "TakeOver", at: T0 + 7, driver: "host:2:b", from: "host:1:a" },
      alert("resolved"),
      { type: "RecordProbe", at: T0 + 60_000, attempt: attemptId, verdict: "not-done", evidence: "it is still there" },
    ];
    given(...nothingDone)
      .when({ ...facts(T0 + 60_001), holder: "host:2:b" } as RunCommand)
      .thenEvents("StepHeld");
  });

  it("finds out what a call did that had left", () => {
    const run = given(...toAttempted)
      .when(alert("resolved"))
      .thenEvents("AlertNoted");
    expect(run.phase.name).toBe("attempted");
  });

  it("lets its step be left out, and can be aborted", () => {
    given(...toGate, alert("resolved"))
      .when({ type: "Skip", at: T0 + 20, step: "remove", by: actor("alice", "responder"), reason: "it is back" })
      .thenEvents("StepSkipped", "StepStarted", "WaitBegun");
    given(...toGate, alert("resolved"))
      .when({ type: "Abort", at: T0 + 20, by: actor("alice", "responder"), reason: "it is back" })
      .thenEvents("CancelBegun", "RunFinished");
  });
});

describe("re-opening", () => {
  it("takes a responder", () => {
    given(...toGate, alert("resolved"))
      .when({ ...reopen, by: actor("dave", "viewer") })
      .thenRefused("dave may not re-open runs; the role responder is needed", "role");
  });

  it("is refused while nothing is held back", () => {
    given(...toGate)
      .when(reopen)
      .thenRefused("this step is not held back", "not-now");
    given(...toLocking, alert("resolved"), lock(T0 + 11))
      .when(reopen)
      .thenRefused("this step is not held back", "not-now");
  });
});
