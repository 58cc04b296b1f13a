import { describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import { decide } from "../../src/engine/decide.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { replay } from "../../src/engine/evolve.ts";
import type { Program } from "../../src/engine/program.ts";
import type { OpenRun } from "../../src/engine/run.ts";
import { bookOf, playBook } from "./nested-specification.ts";
import { actor, given, MINUTE, play, program, reading, T0, toAttempted, toGate, yes } from "./run-specification.ts";

const gateOf = (commands: readonly RunCommand[]) => {
  const run = play(commands).run as OpenRun;
  if (run.phase.name !== "gate") throw new Error(`the run is at ${run.phase.name}`);
  return run.phase.gate;
};
const approve = (more: object = {}): RunCommand => ({ ...(yes("bob") as object), ...more }) as RunCommand;

describe("a gate", () => {
  it("is bound to one plan: a yes to what somebody else saw is no yes to it", () => {
    const { planHash } = gateOf(toGate);
    given(...toGate)
      .when(approve({ planHash }))
      .thenEvents("GateVoted");
    given(...toGate)
      .when(approve({ planHash: "0".repeat(64) }))
      .thenRefused("what is asked changed since you saw it; look again", "changed");
  });

  it.each([
    { name: "a fact", changed: reading(4) },
    { name: "the cluster", changed: { ...reading(), value: { ...reading().value, clusterId: "c-2" } } },
  ])("has another hash when $name is another", ({ changed }) => {
    const other = [
      ...toGate.slice(0, -1),
      { type: "RecordPreconditions", at: T0 + 3, step: "remove", holder: "host:1:a", outcome: changed } as RunCommand,
    ];
    expect(gateOf(other).planHash).not.toBe(gateOf(toGate).planHash);
  });

  it("has the same hash when only its words are others", () => {
    const { value } = reading();
    const worded = { ok: true as const, value: { ...value, explain: { ...value.explain, cost: "little" } } };
    const other: RunCommand[] = [
      ...toGate.slice(0, -1),
      { type: "RecordPreconditions", at: T0 + 3, step: "remove", holder: "host:1:a", outcome: worded },
    ];
    expect(gateOf(other).planHash).toBe(gateOf(toGate).planHash);
  });

  it("takes no yes from whoever is in charge now, nor from whoever started", () => {
    const handed: RunCommand[] = [
      ...toGate,
      { type: "Assign", at: T0 + 4, by: actor("alice", "responder"), to: { id: "bob", name: "bob" } },
    ];
    given(...handed)
      .when(approve())
      .thenRefused("bob is in charge of this run; another person must approve", "self-approval");
    given(...handed)
      .when(approve({ by: actor("alice") }))
      .thenRefused("alice started this run; another person must approve", "self-approval");
    given(...handed)
      .when(approve({ by: actor("carol") }))
      .thenEvents("GateVoted");
  });

  it("counts a yes for ten minutes, and the same person may say it again then", () => {
    const late = T0 + 4 + 10 * MINUTE;
    given(...toGate, yes("bob"))
      .when(yes("bob", late - 1))
      .thenRefused("bob has approved already; another person must approve too", "voted-already");
    given(...toGate, yes("bob"))
      .when(yes("carol", late - 1))
      .thenEvents("GateVoted", "GateAgreed");
    given(...toGate, yes("bob"))
      .when(yes("carol", late))
      .thenEvents("GateVoted");
    const run = given(...toGate, yes("bob"), yes("carol", late))
      .when(yes("bob", late + 1))
      .thenEvents("GateVoted", "GateAgreed");
    expect(run.gates[0]?.gate.votes.map(({ by }) => by.id)).toEqual(["carol", "bob"]);
  });

  describe("that asks for groups", () => {
    const run = () => {
      const started = playBook(
        bookOf([{ id: "remove", do: "test.remove-peer", gate: { groups: ["platform", "owners"] } }]),
      );
      started.tell({
        type: "RecordLock",
        at: T0,
        step: "remove",
        outcome: { ok: true, value: { runId: "R1", since: T0 } },
      });
      started.tell({ type: "RecordPreconditions", at: T0, step: "remove", holder: "h", outcome: reading() });
      return started;
    };

    it("takes a yes from someone in one of them, and from nobody else, whatever their role", () => {
      const stranger = { ...actor("bob", "admin"), groups: ["night"] };
      expect(() => run().tell(approve({ by: stranger }))).toThrow(
        "bob may not approve; someone of platform or owners is needed",
      );
      expect(run().tell(approve({ by: { ...actor("bob"), groups: ["owners"] } }))).toEqual(["GateVoted"]);
    });

    it("takes no yes from a member without the role", () => {
      const member = { ...actor("bob", "responder"), groups: ["platform"] };
      expect(() => run().tell(approve({ by: member }))).toThrow("the role approver is needed");
    });
  });
});

describe("break-glass", () => {
  const alone = (more: object = {}): RunCommand =>
    approve({ by: actor("alice", "admin"), breakGlass: { reason: "nobody else awake", demands: "admin" }, ...more });

  it("lets one person past the gate, even who started, and says so loudly", () => {
    const run = given(...toGate)
      .when(alone())
      .thenEvents("GateBroken", "Said");
    expect(run.phase.name).toBe("rechecking");
    expect(run.gates[0]).toMatchObject({ outcome: "broken", text: "BREAK-GLASS by alice alone: nobody else awake" });
    expect(run.notes.at(-1)?.text).toBe("BREAK-GLASS: alice went past the gate alone: nobody else awake");
  });

  it("still reads the facts again before the call, and names who is behind it", () => {
    const again: RunCommand = {
      type: "RecordPreconditions",
      at: T0 + 6,
      step: "remove",
      holder: "host:1:a",
      outcome: reading(),
    };
    const run = given(...toGate, alone())
      .when(again)
      .thenEvents("StepAttempted");
    expect(run.phase).toMatchObject({ name: "attempted", attempt: { approvedBy: [{ id: "alice" }] } });
    given(...toGate, alone())
      .when({ ...again, outcome: reading(4) })
      .thenEvents("GateVoided", "GateOpened");
  });

  it.each([
    {
      name: "the configuration allows nobody",
      more: { breakGlass: { reason: "r", demands: undefined } },
      why: "nobody may go past gates here (access.breakGlass in the configuration is off)",
    },
    {
      name: "the role is not enough",
      more: { by: actor("alice") },
      why: "alice may not go past gates; the role admin is needed",
    },
    {
      name: "there is no reason",
      more: { breakGlass: { reason: " ", demands: "admin" } },
      why: "say why one person must be enough",
    },
    {
      name: "the cluster's name is not typed",
      more: { phrase: undefined },
      why: "type the cluster's name exactly: prod",
    },
    {
      name: "another plan was seen",
      more: { planHash: "0".repeat(64) },
      why: "what is asked changed since you saw it; look again",
    },
    { name: "the gate has expired", more: { at: T0 + 16 * MINUTE }, why: "this gate has expired" },
  ])("is refused when $name", ({ more, why }) => {
    given(...toGate)
      .when(alone(more))
      .thenRefused(why);
  });
});

describe("a call without a clear answer that surely took no effect", () => {
  const noAnswer: RunCommand = {
    type: "RecordPerformed",
    at: T0 + 7,
    attempt: "R1/remove/1",
    epoch: 0,
    credential: undefined,
    outcome: { ok: false, failure: { reason: "timeout", message: "no answer", retryable: true } },
  };
  const notDone = (at: number): RunCommand => ({
    type: "RecordProbe",
    at,
    attempt: "R1/remove/1",
    verdict: "not-done",
    evidence: "it is there",
  });
  /** The same action, declared as one that may be repeated. */
  const repeatable: Program = {
    ...program,
    actions: new Map([...program.actions].map(([name, facts]) => [name, { ...facts, effect: "idempotent" as const }])),
  };
  const playRepeatable = (commands: readonly RunCommand[]) => {
    const events: RunEvent[] = [];
    for (const command of commands) {
      const decision = decide(command, replay(events), repeatable);
      if ("refused" in decision) throw new Error(decision.refused);
      events.push(...decision.events);
    }
    return { types: events.map(({ type }) => type), run: replay(events) as OpenRun };
  };

  it("needs a new approval when it may not be repeated", () => {
    given(...toAttempted, noAnswer)
      .when(notDone(T0 + 20_000))
      .thenEvents("Said", "PlanRequested");
  });

  it("is made again when it may be and its approval still stands, after its facts were read once more", () => {
    const again: RunCommand = {
      type: "RecordPreconditions",
      at: T0 + 20_001,
      step: "remove",
      holder: "host:1:a",
      outcome: reading(),
    };
    const lost = [...toAttempted, noAnswer, notDone(T0 + 20_000)];
    expect(playRepeatable(lost).run.phase).toMatchObject({ name: "rechecking", gate: { id: "remove.1" } });
    expect(playRepeatable([...lost, again]).run.phase).toMatchObject({
      name: "attempted",
      attempt: { id: "R1/remove/2", approvedBy: [{ id: "bob" }, { id: "carol" }] },
    });
    const changed = playRepeatable([...lost, { ...again, outcome: reading(4) }]);
    expect(changed.types.slice(-2)).toEqual(["GateVoided", "GateOpened"]);
  });

  it("is asked for anew when it may be repeated and its approval has expired", () => {
    const late = [...toAttempted, noAnswer, notDone(T0 + 16 * MINUTE)];
    expect(playRepeatable(late).run.phase.name).toBe("planning");
  });

  it("takes no answer of an instance that lost the run meanwhile", () => {
    given(...toAttempted, { type: "TakeOver", at: T0 + 8, driver: "host:2:b" })
      .when(noAnswer)
      .thenNothing();
  });
});
