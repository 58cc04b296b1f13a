import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import { viewGate, viewRun, type RunView } from "../../src/engine/view.ts";
import {
  actor,
  attemptId,
  MINUTE,
  play,
  start,
  T0,
  toAttempted,
  toGate,
  toManual,
  toPlanning,
  toRechecking,
  yes,
} from "./run-specification.ts";

const performed: RunCommand = {
  type: "RecordPerformed",
  epoch: 0,
  credential: undefined,
  at: T0 + 7,
  attempt: attemptId,
  outcome: { ok: true, value: {} },
};
const probed = (verdict: "done" | "unknown", at: number): RunCommand => ({
  type: "RecordProbe",
  at,
  attempt: attemptId,
  verdict,
  evidence: "nobody can tell",
});
const toProbing = [...toAttempted, performed];
const toWaiting = [...toProbing, probed("done", T0 + 8)];
const polled = (known: boolean, at = T0 + 9): RunCommand => ({
  type: "RecordPoll",
  at,
  step: "absent",
  outcome: { ok: true, value: { known } },
});
const denied: RunCommand = {
  type: "RecordCheck",
  at: T0 + 1,
  step: "peers",
  outcome: { ok: false, failure: { reason: "denied", message: "no rights", retryable: false } },
};
const abort: RunCommand = { type: "Abort", at: T0 + 9, by: actor("bob"), reason: "enough" };

const cases: readonly { name: string; commands: readonly RunCommand[]; view: Partial<RunView> }[] = [
  {
    name: "checking",
    commands: [start],
    view: {
      state: "running",
      stateText: "checking vault.raft-peers",
      nextActor: undefined,
      currentStep: "peers",
      choices: ["abort"],
      gate: undefined,
    },
  },
  {
    name: "waiting for a human's work",
    commands: toManual,
    view: {
      state: "waiting",
      stateText: "waiting for work by a human",
      nextActor: "whoever does the step",
      currentStep: "gone",
      progress: undefined,
      choices: ["confirm-manual", "skip", "abort"],
    },
  },
  {
    name: "planning",
    commands: toPlanning,
    view: { state: "running", stateText: "reading the preconditions of vault.raft-remove-peer", choices: ["abort"] },
  },
  {
    name: "at a gate",
    commands: toGate,
    view: {
      state: "waiting",
      stateText: "waiting for approval",
      nextActor: "2 more approvers, not alice",
      currentStep: "remove",
      choices: ["approve", "reject", "abort"],
    },
  },
  {
    name: "at a gate that one person approved",
    commands: [...toGate, yes("bob")],
    view: { nextActor: "1 more approver, not alice, after bob" },
  },
  {
    name: "reading the facts again",
    commands: toRechecking,
    view: {
      state: "running",
      stateText: "approved; reading the preconditions of vault.raft-remove-peer again",
      choices: ["abort"],
    },
  },
  {
    name: "calling",
    commands: toAttempted,
    view: { state: "running", stateText: "calling vault.raft-remove-peer", choices: ["abort"], gate: undefined },
  },
  {
    name: "looking for the effect",
    commands: toProbing,
    view: { state: "running", stateText: "looking whether vault.raft-remove-peer took effect", choices: ["abort"] },
  },
  {
    name: "not knowing what a call did",
    commands: [...toProbing, probed("unknown", T0 + MINUTE)],
    view: {
      state: "waiting",
      stateText: "whether vault.raft-remove-peer took effect is not known: nobody can tell",
      nextActor: "an approver, who must find out",
      choices: ["mark-done", "retry", "abort"],
    },
  },
  {
    name: "polling, before the first answer",
    commands: toWaiting,
    view: {
      state: "running",
      stateText: "waiting for vault.raft-peers",
      currentStep: "absent",
      progress: undefined,
      choices: ["skip", "abort"],
    },
  },
  {
    name: "polling, with progress",
    commands: [...toWaiting, polled(true)],
    view: { progress: "known: true" },
  },
  {
    name: "stuck",
    commands: [start, denied],
    view: {
      state: "waiting",
      stateText: "no rights",
      nextActor: "a responder, who decides how to go on",
      currentStep: "peers",
      choices: ["retry", "skip", "abort"],
    },
  },
  {
    name: "resolved",
    commands: [...toWaiting, polled(false)],
    view: {
      state: "resolved",
      stateText: "Every step is done.",
      nextActor: undefined,
      currentStep: undefined,
      progress: undefined,
      gate: undefined,
      choices: [],
    },
  },
  {
    name: "stopped by a check",
    commands: [
      start,
      { type: "RecordCheck", at: T0 + 1, step: "peers", outcome: { ok: true, value: { down: false } } },
    ],
    view: { state: "stopped", stateText: "it is up", choices: [] },
  },
  {
    name: "aborted",
    commands: [...toManual, abort],
    view: { state: "aborted", stateText: "Aborted by bob: enough.", choices: [] },
  },
];

describe("viewRun", () => {
  it.each(cases)("says what a run is at that is $name", ({ commands, view }) => {
    expect(viewOf(commands)).toMatchObject(view);
  });

  it("names run, runbook and cluster, and lists every step, whatever the phase", () => {
    for (const { commands } of cases) {
      const view = viewOf(commands);
      expect(view).toMatchObject({ id: "R1", title: "A peer is lost", cluster: "prod" });
      expect(view.steps.map(({ id }) => id)).toEqual(["peers", "gone", "remove", "absent", "bye"]);
    }
  });

  it("always lets an open run be aborted, and offers nothing in one that ended", () => {
    for (const { commands } of cases) {
      const view = viewOf(commands);
      const isOpen = view.state === "running" || view.state === "waiting";
      expect(view.choices.includes("abort")).toBe(isOpen);
      if (!isOpen) expect(view.choices).toEqual([]);
    }
  });

  it("offers approval only while votes count: the facts are being read again when the last yes was given", () => {
    expect(viewOf(toRechecking).choices).not.toContain("approve");
    expect(viewOf(toRechecking).gate).toMatchObject({ approvedBy: ["bob", "carol"] });
  });
});

describe("viewGate", () => {
  it("says what is asked, why now, what it costs, what proves it and who said yes", () => {
    const { run } = play([...toGate, yes("bob")]);
    if (run.status !== "open" || run.phase.name !== "gate") throw new Error("no gate");
    expect(viewGate(run.phase.gate)).toEqual({
      id: "remove.1",
      step: "remove",
      ask: "vault.raft-remove-peer on cluster prod",
      call: "POST sys/storage/raft/remove-peer vault-2",
      facts: ["3 voters, 2 needed"],
      cost: "one voter less",
      proof: "the id is gone",
      danger: "destructive",
      groups: [],
      planHash: run.phase.gate.planHash,
      approvals: 2,
      approvedBy: ["bob"],
      notTheStarter: true,
      phrase: "prod",
      expiresAt: T0 + 3 + 15 * MINUTE,
      differences: [],
    });
  });
});

function viewOf(commands: readonly RunCommand[]): RunView {
  const { run } = play(commands);
  if (run.status === "none") throw new Error("no run");
  return viewRun(run);
}
