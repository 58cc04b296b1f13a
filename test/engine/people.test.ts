import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import { actor, given, start, T0, toAttempted, toManual } from "./run-specification.ts";

const noAnswer: RunCommand = {
  type: "RecordPerformed",
  at: T0 + 7,
  attempt: "R1/remove/1",
  epoch: 0,
  credential: undefined,
  outcome: { ok: false, failure: { reason: "timeout", message: "no answer", retryable: true } },
};
const UNKNOWN: RunCommand[] = [
  ...toAttempted,
  noAnswer,
  { type: "RecordProbe", at: T0 + 20_000, attempt: "R1/remove/1", verdict: "unknown", evidence: "nobody can tell" },
];

describe("an unknown outcome", () => {
  it.each([
    { name: "marking it done", command: { type: "MarkDone", reason: "" }, why: "say how you know that it took effect" },
    { name: "a new call", command: { type: "Retry", reason: "" }, why: "say how you know that it took no effect" },
  ])("needs a reason for $name", ({ command, why }) => {
    given(...UNKNOWN)
      .when({ ...command, at: T0 + 30_000, step: "remove", by: actor("bob") } as RunCommand)
      .thenRefused(why, "reason-missing");
  });

  it("is decided by an approver, not by a responder", () => {
    for (const type of ["MarkDone", "Retry"] as const)
      given(...UNKNOWN)
        .when({ type, at: T0 + 30_000, step: "remove", by: actor("dave", "responder"), reason: "r" })
        .thenRefused("dave may not decide what an unknown call did; the role approver is needed", "role");
  });

  it("leads to a new approval when people know that the call took no effect, never to the call itself", () => {
    given(...UNKNOWN)
      .when({ type: "Retry", at: T0 + 30_000, step: "remove", by: actor("bob"), reason: "the audit log has nothing" })
      .thenEvents("Said", "PlanRequested");
  });
});

describe("a person", () => {
  it("takes charge of a run, and everybody sees it", () => {
    const take: RunCommand = {
      type: "Assign",
      at: T0 + 2,
      by: actor("bob", "responder"),
      to: { id: "bob", name: "bob" },
    };
    const run = given(...toManual)
      .when(take)
      .thenEvents("Assigned");
    expect(run.assignee.id).toBe("bob");
    expect(run.startedBy.id).toBe("alice");
    expect(run.notes.at(-1)?.text).toBe("bob took charge of the run");
    given(...toManual, take)
      .when(take)
      .thenRefused("bob is in charge of this run already", "not-now");
  });

  it("hands a run to another", () => {
    const run = given(...toManual)
      .when({ type: "Assign", at: T0 + 2, by: actor("alice", "responder"), to: { id: "carol", name: "carol" } })
      .thenEvents("Assigned");
    expect(run.notes.at(-1)?.text).toBe("alice handed the run to carol");
  });

  it("writes a note, and attaches something that is known by its digest", () => {
    const noted = given(...toManual)
      .when({ type: "AddNote", at: T0 + 2, by: actor("bob"), text: "the rack is dark" })
      .thenEvents("Said");
    expect(noted.notes.at(-1)).toEqual({ at: T0 + 2, text: "the rack is dark", by: { id: "bob", name: "bob" } });
    const attach: RunCommand = {
      type: "Attach",
      at: T0 + 2,
      by: actor("bob"),
      name: "rack.txt",
      sha256: "ab",
      bytes: 3,
      text: "dim",
    };
    expect(
      given(...toManual)
        .when(attach)
        .thenEvents("EvidenceAttached").evidence,
    ).toMatchObject([{ name: "rack.txt", by: { id: "bob" } }]);
  });

  it.each(["Assign", "AddNote", "Attach"] as const)("who may only look does none of it: %s", (type) => {
    const by = actor("dave", "viewer");
    const command = { type, at: T0 + 2, by, to: by, text: "x", name: "x", sha256: "x", bytes: 1 } as RunCommand;
    expect(() =>
      given(...toManual)
        .when(command)
        .thenEvents(),
    ).toThrow("the role responder is needed");
  });
});

describe("a timeline of version 0.1", () => {
  it("is read as it was: nothing included, no dry run, no drill", () => {
    const { included: _i, dryRun: _d, drill: _r, ...old } = start;
    const { run } = given().when(old as RunCommand);
    expect(run).toMatchObject({ included: {}, dryRun: false, drill: false, assignee: { id: "alice" }, epoch: 0 });
  });
});
