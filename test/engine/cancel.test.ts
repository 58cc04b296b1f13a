import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import { effects, wakeAt } from "../../src/engine/effects.ts";
import type { OpenRun } from "../../src/engine/run.ts";
import { bookOf, known, playBook } from "./nested-specification.ts";
import {
  actor,
  given,
  play,
  start,
  T0,
  toAttempted,
  toGate,
  toLocking,
  toManual,
  toPlanning,
  toRechecking,
} from "./run-specification.ts";

const abort = (at = T0 + 30_000): RunCommand => ({ type: "Abort", at, by: actor("bob", "responder"), reason: "stop" });
const noAnswer: RunCommand = {
  type: "RecordPerformed",
  at: T0 + 7,
  attempt: "R1/remove/1",
  epoch: 0,
  credential: undefined,
  outcome: { ok: false, failure: { reason: "timeout", message: "no answer", retryable: true } },
};
const probe = (verdict: "done" | "not-done" | "unknown", at: number): RunCommand => ({
  type: "RecordProbe",
  at,
  attempt: "R1/remove/1",
  verdict,
  evidence: "vault-2 is in the list",
});
const UNKNOWN = [...toAttempted, noAnswer, probe("unknown", T0 + 20_000)];
const onCancel = {
  onCancel: {
    steps: [
      { id: "left", check: "test.peers", shows: "${string(result.known)}" },
      { id: "undo", say: "Peers known: ${string(steps.left.known)}. Look at ${inputs.node}." },
    ],
  },
};

describe("an abort", () => {
  it.each([
    { name: "checking", commands: [start] },
    { name: "manual work", commands: toManual },
    { name: "waiting for the lock", commands: toLocking },
    { name: "planning", commands: toPlanning },
    { name: "a gate", commands: toGate },
    { name: "rechecking", commands: toRechecking },
    { name: "an unknown outcome", commands: UNKNOWN },
  ])("ends a run at once that is at $name, and no gate stays open", ({ commands }) => {
    const { run } = given(...commands).when(abort());
    expect(run).toMatchObject({ status: "finished", result: "aborted" });
    expect(run.status === "none" ? [] : run.gates.filter(({ outcome }) => outcome === "open")).toEqual([]);
    expect(run.status === "none" ? [] : run.steps.filter(({ status }) => status === "running")).toEqual([]);
  });

  it("says of a call whose outcome nobody knows that nobody knows it", () => {
    expect(given(...UNKNOWN).when(abort()).run).toMatchObject({
      text: "Aborted by bob: stop. Whether vault.raft-remove-peer took effect was never found out: vault-2 is in the list.",
    });
  });

  it.each([
    {
      verdict: "done" as const,
      text: "vault-2 is in the list (found after a call without a clear answer; the call was not made again)",
    },
    { verdict: "not-done" as const, text: "vault.raft-remove-peer took no effect: vault-2 is in the list" },
    {
      verdict: "unknown" as const,
      text: "whether vault.raft-remove-peer took effect is not known: vault-2 is in the list",
    },
  ])("in the middle of a call ends only when it is found out: $verdict", ({ verdict, text }) => {
    const begun = [...toAttempted, noAnswer, abort(T0 + 8)];
    expect((play(begun).run as OpenRun).phase.name).toBe("probing");
    const { run } = given(...begun).when(probe(verdict, T0 + 20_000));
    expect(run).toMatchObject({
      status: "finished",
      result: "aborted",
      text: `Aborted by bob: stop. A call was under way (a step): ${text}.`,
    });
  });

  it("lets no call leave that was not begun yet: its instance asks before, and is told that the run ends", () => {
    const run = given(...toAttempted)
      .when(abort(T0 + 7))
      .thenEvents("CancelBegun");
    expect(run.cancelling).toMatchObject({ underWay: "remove", deadline: T0 + 7 + 120_000 });
    expect(wakeAt(run)).toBe(T0 + 7 + 120_000);
  });

  it("ends after two minutes, whatever hangs", () => {
    const { run } = given(...toAttempted, abort(T0 + 7)).when({ type: "Tick", at: T0 + 7 + 120_000 });
    expect(run).toMatchObject({ status: "finished", result: "aborted" });
    expect(run.status === "finished" ? run.text : "").toContain(
      "whether it took effect was not verified. The time to look at what was left is over.",
    );
  });

  it("a second time ends it at once; a click that was made twice does not", () => {
    given(...toAttempted, abort(T0 + 7))
      .when(abort(T0 + 5006))
      .thenRefused("bob is aborting this run already; in a few seconds it can be cut short", "not-now");
    const { run } = given(...toAttempted, abort(T0 + 7)).when(abort(T0 + 5007));
    expect(run).toMatchObject({ status: "finished", result: "aborted" });
    expect(run.status === "finished" ? run.text : "").toContain("What was left to look at was cut short by bob");
  });

  it("offers nothing but to end it sooner", () => {
    given(...toAttempted, abort(T0 + 7))
      .when({ type: "Skip", at: T0 + 8, step: "remove", by: actor("bob"), reason: "r" })
      .thenRefused("this step cannot be skipped now", "not-now");
  });

  it("takes the role responder", () => {
    given(...toGate)
      .when({ ...abort(), by: actor("dave", "viewer") } as RunCommand)
      .thenRefused("dave may not abort runs; the role responder is needed", "role");
  });
});

describe("the steps of onCancel", () => {
  const toWork = { id: "work", manual: "Work." };

  it("look at what is left and tell it, and nothing else is done", () => {
    const run = playBook(bookOf([toWork, { id: "bye", say: "Bye." }], onCancel));
    expect(run.tell(abort())).toEqual(["CancelBegun", "StepStarted", "CheckRequested"]);
    expect(effects(run.open()).map(({ type }) => type)).toEqual(["read"]);
    run.tell(known("$cancel.left", true, T0 + 30_001));
    expect(run.run()).toMatchObject({ status: "finished", result: "aborted", text: "Aborted by bob: stop." });
    expect(run.steps()).toEqual(["work skipped", "bye pending", "$cancel.left done", "$cancel.undo done"]);
    expect(run.run()).toMatchObject({
      steps: [{}, {}, { text: "true" }, { text: "Peers known: true. Look at vault-2." }],
    });
  });

  it("that fail hold nobody up", () => {
    const run = playBook(bookOf([toWork], onCancel));
    run.tell(abort());
    const failure = { reason: "timeout" as const, message: "it hangs", retryable: true };
    run.tell({ type: "RecordCheck", at: T0 + 30_001, step: "$cancel.left", outcome: { ok: false, failure } });
    expect(run.run()).toMatchObject({ status: "finished", result: "aborted" });
    expect(run.steps()).toEqual(["work skipped", "$cancel.left failed", "$cancel.undo done"]);
  });

  it("come after the call that was under way is found out", () => {
    const steps = [{ id: "remove", do: "test.remove-peer", onFailure: "stop" }];
    const run = playBook(bookOf(steps, onCancel));
    const reading = {
      ok: true as const,
      value: { clusterId: "c", preconditions: [], explain: { call: "c", cost: "c", proof: "p" } },
    };
    run.tell({ type: "RecordLock", at: T0, step: "remove", outcome: { ok: true, value: { runId: "R1", since: T0 } } });
    run.tell({ type: "RecordPreconditions", at: T0, step: "remove", holder: "h", outcome: reading });
    for (const name of ["bob", "carol"])
      run.tell({ type: "Approve", at: T0 + 1, gate: "remove.1", by: actor(name), phrase: "prod" });
    run.tell({ type: "RecordPreconditions", at: T0 + 2, step: "remove", holder: "host:1:a", outcome: reading });
    run.tell(abort(T0 + 3));
    run.tell({
      type: "RecordPerformed",
      at: T0 + 4,
      attempt: "R1/remove/1",
      epoch: 0,
      credential: "The token was revoked.",
      outcome: { ok: true, value: {} },
    });
    expect(run.tell(probe("done", T0 + 5))).toEqual(["StepSucceeded", "StepStarted", "CheckRequested"]);
    run.tell(known("$cancel.left", false, T0 + 6));
    expect(run.run()).toMatchObject({
      status: "finished",
      result: "aborted",
      text: "Aborted by bob: stop. A call was under way (remove): vault-2 is in the list.",
    });
  });
});
