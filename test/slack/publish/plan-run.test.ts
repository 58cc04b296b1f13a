import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { alice, bob, checked, finished, gate, gateOpened, manualBegun, started, stuck, T0 } from "../timeline.ts";
import { buttonsOf, byKey, textOf } from "../world.ts";
import { openPress } from "./press.ts";

describe("a run in slack", () => {
  it("is one card in the channel, and its thread tells what happened, in order", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await world.idle();
    const [card, step, question, ...others] = world.slack.messages();
    expect(others).toEqual([]);
    expect(card?.threadTs).toBeUndefined();
    expect(textOf(card)).toContain("A node is sealed");
    expect(textOf(card)).toContain("waiting for approval");
    expect([step?.threadTs, question?.threadTs]).toEqual([card?.ts, card?.ts]);
    expect(step?.text).toContain("`vault-2` is sealed (awskms).");
    expect(textOf(question)).toContain("PUT sys/step-down on vault-0");
  });

  it("edits the card when the run goes on, and posts a step once", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"));
    await world.idle();
    world.runs.append("R1", ...checked());
    await world.idle();
    world.runs.append("R1", ...manualBegun("1 of 3 key shares"));
    await world.idle();
    world.runs.append("R1", { type: "Polled", at: T0 + 6000, step: "unseal", progress: "2 of 3 key shares" });
    await world.idle();
    const [card, step, manual] = world.slack.messages();
    expect(world.slack.messages()).toHaveLength(3);
    expect(card?.edits).toBeGreaterThan(0);
    expect(textOf(card)).toContain("2 of 3 key shares");
    expect(step?.edits).toBe(0);
    expect(textOf(manual)).toContain("2 of 3 key shares");
    expect(textOf(manual)).toContain("vault operator unseal");
  });

  it("shows progress at most every 1.5 seconds, and the latest in the end", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...manualBegun("0 of 3 key shares"));
    await world.idle();
    for (let share = 1; share <= 30; share++) {
      world.runs.append("R1", {
        type: "Polled",
        at: T0 + 5000 + share,
        step: "unseal",
        progress: `${share} of 30 key shares`,
      });
    }
    await world.idle();
    const manual = world.slack.messages().find(byKey("run:R1/manual:unseal:1"));
    expect(textOf(manual)).toContain("30 of 30 key shares");
    expect(manual?.edits).toBeLessThanOrEqual(2);
    expect(world.time.waits).toContain(1500);
  });

  it("mentions in a gate whoever may approve it, and nobody once it is closed", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();
    const question = world.slack.messages().find(byKey("run:R1/gate:step_down.1"));
    expect(question?.text).toContain("<@U0BOB>");
    expect(question?.text).not.toContain("<@U0ALICE>");
    expect(buttonsOf(question)).toEqual([ACTIONS.approve, ACTIONS.reject]);
  });

  it.each([
    {
      name: "agreed to",
      events: [
        { type: "GateVoted", at: T0 + 9000, gate: "step_down.1", by: bob },
        { type: "GateAgreed", at: T0 + 9000, gate: "step_down.1" },
      ],
      says: "approved by bob",
    },
    {
      name: "rejected",
      events: [
        { type: "GateRejected", at: T0 + 9000, gate: "step_down.1", by: bob, reason: "not at noon" },
        ...stuck().slice(1),
      ],
      says: "not at noon",
    },
    {
      name: "expired",
      events: [{ type: "GateExpired", at: T0 + 9000, gate: "step_down.1" }, ...stuck().slice(1)],
      says: "expired",
    },
    {
      name: "void because facts changed",
      events: [
        { type: "GateVoided", at: T0 + 9000, gate: "step_down.1", differences: ["voters: 3, then 2"] },
        ...stuck().slice(1),
      ],
      says: "voters: 3, then 2",
    },
    { name: "left open by a run that was aborted", events: [{ ...finished("aborted") }], says: "Closed" },
  ] as const)("takes the buttons off a gate that was $name, and keeps what was asked", async ({ events, says }) => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();
    world.runs.append("R1", ...events);
    await world.idle();
    const question = world.slack.messages().find(byKey("run:R1/gate:step_down.1"));
    expect(buttonsOf(question)).toEqual([]);
    expect(textOf(question)).toContain(says);
    expect(textOf(question)).toContain("PUT sys/step-down on vault-0");
    expect(question?.text).not.toContain("<@");
  });

  it("posts a new gate when the old one was void, with what differs", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();
    const next = gate({ id: "step_down.2", differences: ["voters: 3, then 2"], openedAt: T0 + 9000 });
    world.runs.append(
      "R1",
      { type: "GateVoided", at: T0 + 9000, gate: "step_down.1", differences: ["voters: 3, then 2"] },
      { type: "GateOpened", at: T0 + 9000, gate: next },
    );
    await world.idle();
    const [first, second] = world.slack.messages().filter((message) => textOf(message).includes("PUT sys/step-down"));
    expect(buttonsOf(first)).toEqual([]);
    expect(buttonsOf(second)).toEqual([ACTIONS.approve, ACTIONS.reject]);
    expect(textOf(second)).toContain("voters: 3, then 2");
  });

  it("announces a destructive gate in the channel too", async () => {
    await using world = await openPress();
    const { plan } = gate();
    world.runs.append(
      "R1",
      started("R1"),
      ...gateOpened({ plan: { ...plan, danger: "destructive" }, approvals: 2, phrase: "prod" }),
    );
    await world.idle();
    expect(world.slack.messages().find(byKey("run:R1/gate:step_down.1"))?.broadcast).toBe(true);
  });

  it("offers to go on from a failed step, and closes the offer when the run went on", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...stuck());
    await world.idle();
    const key = "run:R1/stuck:step_down:1";
    expect(buttonsOf(world.slack.messages().find(byKey(key)))).toEqual([ACTIONS.retry, ACTIONS.skip, ACTIONS.abort]);
    world.runs.append(
      "R1",
      { type: "StepSkipped", at: T0 + 9000, step: "step_down", text: "alice skipped it: done by hand", by: alice },
      ...manualBegun(),
    );
    await world.idle();
    const offer = world.slack.messages().find(byKey(key));
    expect(buttonsOf(offer)).toEqual([]);
    expect(textOf(offer)).toContain("cannot read sys/leader on vault-0");
    expect(textOf(offer)).toContain("alice skipped it: done by hand");
  });

  it("offers no button for work that a check watches, except to leave it out", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...manualBegun("1 of 3 key shares"));
    await world.idle();
    expect(buttonsOf(world.slack.messages().find(byKey("run:R1/manual:unseal:1")))).toEqual([
      ACTIONS.skip,
      ACTIONS.abort,
    ]);
  });

  it("ends with who did what, how long it took and the head of the chain, and has no button left", async () => {
    await using world = await openPress();
    const approved: readonly RunEvent[] = [
      { type: "GateVoted", at: T0 + 3500, gate: "step_down.1", by: bob },
      { type: "GateAgreed", at: T0 + 3500, gate: "step_down.1" },
    ];
    world.runs.append("R1", started("R1"), ...gateOpened(), ...approved, ...manualBegun());
    await world.idle();
    world.runs.append(
      "R1",
      { type: "Said", at: T0 + 5000, text: "bob looked at the KMS", by: bob },
      { type: "StepSucceeded", at: T0 + 80_000, step: "unseal", result: {}, text: "vault-2 is unsealed.", by: alice },
      finished(),
    );
    await world.idle();
    const end = world.slack.messages().find(byKey("run:R1/end"));
    expect(textOf(end)).toContain("vault-2 serves again.");
    expect(textOf(end)).toContain("*alice* started the run");
    expect(textOf(end)).toContain("*bob* approved `PUT sys/step-down on vault-0`");
    expect(textOf(end)).toContain("bob looked at the KMS");
    expect(textOf(end)).toContain("took 1m 30s");
    expect(textOf(end)).toContain(`sha256:${"5f".repeat(32)}`);
    expect(world.slack.messages().flatMap(buttonsOf)).toEqual([]);
  });
});

describe("a restart", () => {
  it("edits what stands in slack and posts nothing again", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await world.idle();
    const before = world.slack.messages().map((message) => message.ts);
    await world.restart();
    world.runs.append("R1", { type: "GateExpired", at: T0 + 9000, gate: "step_down.1" }, finished("aborted"));
    await world.idle();
    const after = world.slack.messages().map((message) => message.ts);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
  });

  it("takes the buttons off questions that were answered while nobody was there", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...stuck());
    await world.idle();
    await world.publisher.stop();
    world.runs.append("R1", finished("aborted"));
    await world.restart();
    await world.idle();
    expect(world.slack.messages().flatMap(buttonsOf)).toEqual([]);
    expect(textOf(world.slack.messages().find(byKey("run:R1/stuck:step_down:1")))).toContain("the run ended");
  });

  it("finds what was posted but not stored, instead of posting it twice", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await world.idle();
    const before = world.slack.messages().map((message) => message.ts);
    await world.publisher.stop();
    for (const held of world.messages.all.values()) await world.messages.put({ ...held, ts: undefined });
    await world.outbox.note("run:R1", T0);
    await world.restart();
    await world.idle();
    expect(world.slack.messages().map((message) => message.ts)).toEqual(before);
    expect([...world.messages.all.values()].map((message) => message.ts)).toEqual(before);
  });

  it("says nothing of runs that ended more than a day ago", async () => {
    await using world = await openPress();
    await world.publisher.stop();
    world.runs.append("R1", started("R1"), finished());
    await world.time.pass(2 * 24 * 3_600_000);
    await world.restart();
    await world.idle();
    expect(world.slack.messages()).toEqual([]);
  });
});
