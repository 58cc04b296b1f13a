import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import { replay } from "../../src/engine/evolve.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { planDifferences, planHash } from "../../src/engine/plan.ts";
import type { Plan } from "../../src/engine/run.ts";
import { bookOf, playBook } from "./nested-specification.ts";
import {
  actor,
  given,
  MINUTE,
  play,
  reading,
  T0,
  toAttempted,
  toGate,
  toRechecking,
  yes,
} from "./run-specification.ts";

/* What a hostile reading of the engine found; each stood open once. */
const facts = (at: number, holder = "host:1:a"): RunCommand => ({
  type: "RecordPreconditions",
  at,
  step: "remove",
  holder,
  outcome: reading(),
});
const takeOver = (driver: string, from: string, at = T0 + 50_000): RunCommand => ({
  type: "TakeOver",
  at,
  driver,
  from,
});

describe("an instance that lost the run", () => {
  it("announces no call: the facts that it read late are not taken", () => {
    const lost = [...toRechecking, takeOver("host:2:b", "host:1:a")];
    given(...lost)
      .when(facts(T0 + 50_001))
      .thenNothing();
    given(...lost)
      .when(facts(T0 + 50_002, "host:2:b"))
      .thenEvents("StepAttempted");
  });

  it("is followed by one other: who saw it dead too comes too late, and takes the run from nobody", () => {
    given(...toAttempted, takeOver("host:2:b", "host:1:a"))
      .when(takeOver("host:3:c", "host:1:a"))
      .thenNothing();
  });
});

describe("an approval", () => {
  it("that nobody acted on in its time is asked for again, though the gate is still open", () => {
    const run = given(...toRechecking)
      .when(facts(T0 + 4 + 10 * MINUTE))
      .thenEvents("GateVoided", "GateOpened");
    expect(run.gates[0]?.text).toBe("void: the approvals are older than 10m");
  });

  it("of somebody who then takes charge of the run is no approval by another person", () => {
    const assign: RunCommand = { type: "Assign", at: T0 + 5, by: actor("bob"), to: { id: "bob", name: "bob" } };
    given(...toGate, yes("bob"))
      .when(assign)
      .thenRefused(
        "bob approved the call of this run; whoever is in charge of it must be another person",
        "self-approval",
      );
  });
});

describe("a plan", () => {
  it("differs whenever its hash does, also when two facts have one name", () => {
    const plan = (first: number, second: number): Plan => ({
      call: { name: "a", with: {} },
      danger: "disruptive",
      effect: "once",
      cluster: "prod",
      clusterId: "c-1",
      runbookDigest: "d",
      preconditions: [first, second].map((value) => ({ name: "lag", ok: true, value, text: `${value}` })),
      explain: { call: "c", cost: "c", proof: "p" },
    });
    expect(planHash("s", plan(1, 2))).not.toBe(planHash("s", plan(9, 2)));
    expect(planDifferences(plan(1, 2), plan(9, 2))).toEqual(["the facts are others"]);
    expect(planDifferences(plan(1, 2), plan(1, 2))).toEqual([]);
  });
});

describe("a thousand steps that end at one moment", () => {
  const loop = (rounds: number, count: number) => {
    const steps = Array.from({ length: count }, (_, index) => ({ id: `say${index}`, say: "x" }));
    return bookOf([{ id: "loop", forEach: JSON.stringify(Array.from({ length: rounds }, () => 1)), as: "n", steps }]);
  };

  it("are no reason to fall over", () => {
    expect(playBook(loop(27, 37)).run()).toMatchObject({ status: "finished", result: "resolved" });
  });

  it("are the most: a loop that would make more does not begin, and says so", () => {
    const run = playBook(loop(20, 50)).open();
    expect(run.phase).toMatchObject({
      name: "stuck",
      failure: {
        message:
          "cannot begin the step: the run would have 1001 steps, and 1000 are the most; correct the runbook, and start it again",
      },
    });
  });
});

describe("a timeline that version 0.1 wrote", () => {
  /** As it wrote it: without what it did not know. */
  function asOld(event: RunEvent): RunEvent {
    const forget = (of: object, ...keys: readonly string[]): object =>
      Object.fromEntries(Object.entries(of).filter(([key]) => !keys.includes(key)));
    switch (event.type) {
      case "RunStarted":
        return forget(event, "included", "dryRun", "drill") as RunEvent;
      case "GateOpened":
        return { ...event, gate: forget(event.gate, "groups", "votesExpireMs", "planHash") as typeof event.gate };
      case "StepAttempted":
        return { ...event, attempt: forget(event.attempt, "epoch", "deadline") as typeof event.attempt };
      default:
        return event;
    }
  }

  it.each([
    { name: "a gate with a vote", commands: [...toGate, yes("bob")] },
    { name: "an attempt", commands: toAttempted },
  ])("is read as if this version had written it: $name", ({ commands }) => {
    const { events, run } = play(commands);
    expect(replay(events.map(asOld))).toEqual(run);
  });
});
