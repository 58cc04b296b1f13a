import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { covers } from "../../src/access/person.ts";
import { decide } from "../../src/engine/decide.ts";
import { effects } from "../../src/engine/effects.ts";
import { evolve } from "../../src/engine/evolve.ts";
import { planDifferences } from "../../src/engine/plan.ts";
import type { Gate } from "../../src/engine/run.ts";
import { viewRun } from "../../src/engine/view.ts";
import { life, live, PEOPLE, type Decide, type Moment, type Life } from "./random-life.ts";

/* P1 and P2 on the pure engine: 10 000 random lives each (random-life.ts). The runner's own are in test/runner/promises.test.ts. */
const LIVES = 10_000;
/** The rarest fault needs some thousand lives; the search stops at the first. */
const LIVES_TO_FIND_A_FAULT = 100_000;

/** A yes as it was given: by whom, and what they were told when they gave it. */
type Yes = { readonly by: string; readonly at: number; readonly gate: string };

/** Keeps what was said and opened in one life, and finds the first call that nobody had agreed to. */
function createWitness() {
  const gates = new Map<string, Gate>();
  const yes: Yes[] = [];
  const broken = new Map<string, string>();
  const attempted: string[] = [];
  let attempts = 0;
  const see = ({ before, command, events, after }: Moment): string | undefined => {
    for (const event of events) {
      if (event.type === "GateOpened") gates.set(event.gate.id, event.gate);
      if (event.type === "GateVoted") {
        const wrong = wrongYes({ before, command, events, after }, gates.get(event.gate));
        if (wrong !== undefined) return wrong;
        yes.push({ by: event.by.id, at: event.at, gate: event.gate });
      }
      if (event.type === "GateBroken") {
        const wrong = wrongBreak(command);
        if (wrong !== undefined) return wrong;
        broken.set(event.gate, event.by.id);
      }
      if (event.type !== "StepAttempted") continue;
      attempts++;
      const gate = before.status === "open" && before.phase.name === "rechecking" ? before.phase.gate : undefined;
      if (gate === undefined) return "a call was attempted that no gate stands behind";
      if (attempted.includes(gate.id))
        return `${gate.id}: a call that may not be repeated was attempted twice on one approval`;
      attempted.push(gate.id);
      if (before.status === "open" && !before.locked) return "a call was attempted without the cluster's lock";
      if (before.status === "open" && before.cancelling !== undefined) return "a call was attempted in an aborted run";
      if (before.status === "open" && before.alert === "resolved" && !before.reopened)
        return "a call was attempted although the alert is resolved and nobody re-opened the run";
      if (event.at >= gate.expiresAt) return "a call was attempted after its gate expired";
      if (planDifferences(gate.plan, event.plan).length > 0) return "what is called is not what was approved";
      if (event.plan.preconditions.some(({ ok }) => !ok)) return "a fact forbade the call";
      if (broken.has(gate.id)) continue;
      const voters = new Set(yes.filter((each) => each.gate === gate.id).map(({ by }) => by));
      if (voters.size < gate.approvals) return `${voters.size} people approved, ${gate.approvals} were needed`;
    }
    return undefined;
  };
  return { see, attempts: () => attempts };
}

function wrongYes({ before, command }: Moment, gate: Gate | undefined): string | undefined {
  if (command.type !== "Approve" || before.status !== "open" || gate === undefined) return "a yes that nobody gave";
  const role = PEOPLE.find(({ id }) => id === command.by.id)?.role;
  if (!covers(role, "approver")) return `${command.by.name} may not approve`;
  if (command.by.id === before.startedBy.id) return "who started the run approved it";
  if (command.by.id === before.assignee.id) return "who is in charge of the run approved it";
  if (gate.phrase !== undefined && command.phrase !== gate.phrase) return "the cluster's name was not typed";
  if (command.planHash !== undefined && command.planHash !== gate.planHash) return "another plan was seen";
  return command.at < gate.expiresAt ? undefined : "a yes came after the gate's end";
}

function wrongBreak(command: Moment["command"]): string | undefined {
  if (command.type !== "Approve" || command.breakGlass === undefined) return "a gate was broken by nobody";
  const { demands, reason } = command.breakGlass;
  const role = PEOPLE.find(({ id }) => id === command.by.id)?.role;
  if (demands === undefined || !covers(role, demands)) return "a gate was broken by someone who may not";
  return reason === "" || command.phrase !== "prod" ? "a gate was broken without a reason or the name" : undefined;
}

/** Lives a life to the first broken promise; gives it in words. */
function firstWrong(given: Life, decideBy: Decide, count: (attempts: number) => void): string | undefined {
  const witness = createWitness();
  let wrong: string | undefined;
  live(given, (moment) => void (wrong ??= witness.see(moment)), decideBy);
  count(witness.attempts());
  return wrong;
}

describe("whatever people, time and the world do", () => {
  it("P1 and P2: every call has its own approval, by enough permitted people, for exactly it and the facts as they are", () => {
    let attempts = 0;
    fc.assert(
      fc.property(life, (given) => {
        expect(firstWrong(given, decide, (made) => void (attempts += made))).toBeUndefined();
      }),
      { numRuns: LIVES },
    );
    // A property about calls that hardly any life reaches would say nothing.
    expect(attempts).toBeGreaterThan(LIVES / 20);
  });

  it("P2: after a take-over nothing that changes anything is wanted, and an answer of the dead one changes nothing", () => {
    let takenOver = 0;
    fc.assert(
      fc.property(life, (given) => {
        live(given, ({ before, command, events, after }) => {
          if (command.type === "TakeOver" && after.status === "open") {
            const wanted = effects(after).map(({ type }) => type);
            if (before.status === "open" && before.phase.name === "attempted") takenOver++;
            expect(wanted).not.toContain("perform");
          }
          if (command.type === "RecordPerformed" && before.status === "open" && command.epoch !== before.epoch)
            expect(events).toEqual([]);
        });
      }),
      { numRuns: LIVES },
    );
    expect(takenOver).toBeGreaterThan(LIVES / 100);
  });

  it("an open run always stands somewhere, people can be told where, and its state is what its events say", () => {
    fc.assert(
      fc.property(life, (given) => {
        live(given, ({ before, events, after }) => {
          if (after.status === "none") throw new Error("the run is gone");
          expect(after.status === "open" ? after.phase.name : "finished").not.toBe("between");
          expect(viewRun(after).stateText.length).toBeGreaterThan(0);
          expect(events.reduce(evolve, before)).toEqual(after);
        });
      }),
      { numRuns: 1000 },
    );
  });
});

/** Faults as they could come into the engine one day. */
const FAULTS: readonly { readonly name: string; readonly decideBy: Decide }[] = [
  {
    name: "one yes is enough",
    decideBy: (command, run, program) => {
      // The votes are counted a second time before the call: both counts are wrong here.
      if (command.type === "RecordPreconditions" && run.status === "open" && run.phase.name === "rechecking") {
        const gate = { ...run.phase.gate, approvals: 1 };
        return decide(command, { ...run, phase: { ...run.phase, gate } }, program);
      }
      const decision = decide(command, run, program);
      if (command.type !== "Approve" || "refused" in decision) return decision;
      const voted = decision.events.some((event) => event.type === "GateVoted");
      const agreed = decision.events.some((event) => event.type === "GateAgreed");
      if (!voted || agreed) return decision;
      return { events: [...decision.events, { type: "GateAgreed", at: command.at, gate: command.gate }] };
    },
  },
  {
    name: "whoever started may approve",
    decideBy: (command, run, program) =>
      command.type === "Approve" && run.status === "open" && command.by.id === run.startedBy.id
        ? decide(command, { ...run, startedBy: { id: "x", name: "x" }, assignee: { id: "x", name: "x" } }, program)
        : decide(command, run, program),
  },
  {
    name: "nobody looks at the alert",
    decideBy: (command, run, program) => {
      if (command.type === "NoteAlert" && run.status === "open" && run.phase.name === "gate")
        return { events: [{ type: "AlertNoted", at: command.at, status: command.status }] };
      return command.type === "RecordPreconditions" && run.status === "open"
        ? decide(command, { ...run, alert: "firing" }, program)
        : decide(command, run, program);
    },
  },
  {
    name: "the facts are not compared again",
    decideBy: (command, run, program) => {
      if (
        command.type !== "RecordPreconditions" ||
        run.status !== "open" ||
        run.phase.name !== "rechecking" ||
        !command.outcome.ok
      )
        return decide(command, run, program);
      const { clusterId, preconditions } = run.phase.gate.plan;
      const blind = {
        ...command,
        outcome: { ok: true as const, value: { ...command.outcome.value, clusterId, preconditions } },
      };
      const decision = decide(blind, run, program);
      if ("refused" in decision) return decision;
      const { outcome } = command;
      return {
        events: decision.events.map((event) =>
          event.type === "StepAttempted"
            ? {
                ...event,
                plan: { ...event.plan, preconditions: outcome.value.preconditions, clusterId: outcome.value.clusterId },
              }
            : event,
        ),
      };
    },
  },
  {
    name: "a call without an answer is simply made again",
    decideBy: (command, run, program) => {
      if (
        command.type !== "RecordProbe" ||
        run.status !== "open" ||
        run.phase.name !== "probing" ||
        command.verdict !== "not-done"
      )
        return decide(command, run, program);
      const gate = run.gates.at(-1)?.gate;
      return gate === undefined
        ? decide(command, run, program)
        : { events: [{ type: "RecheckBegun", at: command.at, step: "remove", gate }] };
    },
  },
];

describe("the witness", () => {
  it.each(FAULTS)("would see it when $name", ({ decideBy }) => {
    const result = fc.check(
      fc.property(life, (given) => firstWrong(given, decideBy, () => {}) === undefined),
      { numRuns: LIVES_TO_FIND_A_FAULT, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });
});
