import { describe, expect, it } from "@jest/globals";
import type { Role } from "../../../src/access/person.ts";
import { replay } from "../../../src/engine/evolve.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import type { OpenRun } from "../../../src/engine/run.ts";
import { couldApprove, couldMoveOn } from "../../../src/slack/home/whose-turn.ts";
import {
  asked,
  cancelled,
  gate,
  gateOpened,
  held,
  lockedOut,
  manualBegun,
  started,
  stuck,
  T0,
  unknown,
  waiting,
} from "../timeline.ts";
import { actorOf } from "./home-world.ts";

function runOf(...events: readonly RunEvent[]): OpenRun {
  const run = replay([started("R1"), ...events]);
  if (run.status !== "open") throw new Error("this run is not open");
  return run;
}

const phases = [
  { name: "work by a human", events: manualBegun(), least: "responder" },
  { name: "a question", events: asked(), least: "responder" },
  { name: "a step that failed", events: stuck(), least: "responder" },
  { name: "a run whose alert is resolved", events: [...gateOpened(), ...held()], least: "responder" },
  { name: "a call of which nobody knows what it did", events: unknown(), least: "approver" },
  { name: "a cluster that another run has", events: lockedOut(), least: undefined },
  { name: "a gate", events: gateOpened(), least: undefined },
  { name: "an abort that is under way", events: [...stuck(), cancelled()], least: undefined },
] as const;

const ROLES: readonly (Role | undefined)[] = [undefined, "viewer", "responder", "approver", "admin"];

describe("whose turn it is to move a run on", () => {
  it.each(phases)("asks nobody below $least at $name", ({ events, least }) => {
    const run = runOf(...events);
    const asks = ROLES.filter((role) => couldMoveOn(actorOf("bob", role), run));
    expect(asks).toEqual(least === undefined ? [] : ROLES.slice(ROLES.indexOf(least)));
  });

  it("offers a responder to skip a wait", () => {
    expect(couldMoveOn(actorOf("bob", "responder"), runOf(...waiting()))).toBe(true);
  });
});

describe("who could approve", () => {
  it("is a responder where the call can be taken back", () => {
    const reversible = gate({ plan: { ...gate().plan, danger: "reversible" } });
    const run = runOf(...gateOpened());
    expect(couldApprove(actorOf("bob", "responder"), run, reversible, T0)).toBe(true);
    expect(couldApprove(actorOf("bob", "responder"), run, gate(), T0)).toBe(false);
  });

  it("is the starter too where the gate does not mind", () => {
    const run = runOf(...gateOpened());
    expect(couldApprove(actorOf("alice", "approver"), run, gate({ notTheStarter: false }), T0)).toBe(true);
  });
});
