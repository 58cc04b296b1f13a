import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { checkMessage } from "../../../src/sandbox/slack/check-payload.ts";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { fitMessage } from "../../../src/slack/render/limits.ts";
import {
  alertNoted,
  attempted,
  bob,
  checked,
  deepRun,
  finished,
  gate,
  gateOpened,
  held,
  lockedOut,
  manualBegun,
  started,
  stuck,
  T0,
  waiting,
} from "../timeline.ts";
import { actionsOf, draw, FACTS, messageOf, MINUTE, textOf } from "./draw.ts";

const CARD = "run:R1/card";

describe("the card says what a run does now", () => {
  const cases: readonly { name: string; events: readonly RunEvent[]; says: string }[] = [
    { name: "checks", events: checked(), says: "checking vault.seal-status" },
    { name: "waits for people to approve", events: gateOpened(), says: ":lock: waiting for approval" },
    { name: "waits for a check", events: waiting(), says: ":hourglass_flowing_sand: waiting for vault.seal-status" },
    { name: "calls", events: attempted(), says: "calling vault.step-down" },
    { name: "waits for a person's work", events: manualBegun("1 of 3"), says: "waiting for work by a human: 1 of 3" },
    { name: "failed at a step", events: stuck("no answer in 5s"), says: ":raised_hand: no answer in 5s" },
    { name: "is held back", events: held(), says: ":pause_button: held back: the alert is resolved" },
    { name: "waits for another run's lock", events: lockedOut(), says: "run R7 has it to itself since <!date^" },
    { name: "ended", events: [finished()], says: ":white_check_mark: *Resolved* vault-2 serves again." },
  ];

  it.each(cases.slice(1))("$name", ({ events, says }) => {
    expect(textOf(CARD, [started("R1"), ...events])).toContain(says);
  });

  it("and who is next", () => {
    expect(textOf(CARD, [started("R1"), ...gateOpened()])).toContain("*Next:* 1 more approver, not alice");
  });

  it("and at which step of how many", () => {
    expect(textOf(CARD, [started("R1"), ...checked(), ...gateOpened()])).toContain(
      "*Step 2 of 3:* Make the leader step down",
    );
  });

  it("in the notification too: title, cluster and state", () => {
    expect(messageOf(CARD, [started("R1"), ...gateOpened()]).text).toMatch(
      /^A node is sealed on prod: :lock: waiting for approval/u,
    );
  });
});

describe("the card counts down an open gate, in few steps", () => {
  const events = [started("R1"), ...gateOpened()];
  const expiresAt = T0 + 30 * MINUTE;
  const cases: readonly { name: string; leftMs: number; says: string; nextMs: number | undefined }[] = [
    {
      name: "says only until when, while there is time",
      leftMs: 20 * MINUTE,
      says: "until <!date^",
      nextMs: 5 * MINUTE,
    },
    { name: "15 minutes", leftMs: 15 * MINUTE, says: "less than 15 min left", nextMs: 5 * MINUTE },
    { name: "10 minutes", leftMs: 10 * MINUTE, says: "less than 10 min left", nextMs: 5 * MINUTE },
    { name: "5 minutes", leftMs: 4 * MINUTE, says: "less than 5 min left", nextMs: MINUTE },
    { name: "3 minutes", leftMs: 3 * MINUTE, says: "less than 3 min left", nextMs: MINUTE },
    { name: "2 minutes", leftMs: 1.5 * MINUTE, says: "less than 2 min left", nextMs: 0.5 * MINUTE },
    { name: "the last minute", leftMs: MINUTE, says: "less than a minute left", nextMs: MINUTE },
    { name: "nothing", leftMs: 0, says: "expires now", nextMs: undefined },
  ];

  it.each(cases)("$name", ({ leftMs, says, nextMs }) => {
    const now = expiresAt - leftMs;
    // Nobody is reminded here: what is left is the countdown.
    const postedAt = (): number => T0 + 3000;
    const waits = { remindAfterMs: 0, escalateAfterMs: 0, escalateTo: undefined, postedAt };
    expect(textOf(CARD, events, { now, waits })).toContain(says);
    expect(draw(events, { now, waits }).againAt).toBe(nextMs === undefined ? undefined : now + nextMs);
  });

  it("and the same words stand until the next step: between two steps nothing is edited", () => {
    const at = (leftMs: number): string => textOf(CARD, events, { now: expiresAt - leftMs });
    expect(at(9.9 * MINUTE)).toBe(at(5.1 * MINUTE));
  });
});

describe("the card says how the cluster stands", () => {
  it("seal, margin, and the node that is not well first, with its shares", () => {
    const text = textOf(CARD, [started("R1"), ...gateOpened()], { facts: FACTS });
    expect(text).toContain("*Cluster* `prod`: seal `awskms` · :warning: *one more loss stops the cluster*");
    expect(text).toContain("vault-2 *sealed* (1 of 3 key shares entered), vault-0 active, vault-1 standby");
  });

  it("is the same message when the same was only read again", () => {
    const events = [started("R1"), ...gateOpened()];
    expect(textOf(CARD, events, { facts: { ...FACTS, at: T0 + 99_000 } })).toBe(textOf(CARD, events, { facts: FACTS }));
  });

  it("no more once the run ended: it told of that moment", () => {
    expect(textOf(CARD, [started("R1"), finished()], { facts: FACTS })).not.toContain("one more loss");
  });
});

describe("the card says whose run it is", () => {
  it("who began it when, who is in charge now, with which inputs, and its page", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      { type: "Assigned", at: T0 + 1, to: { id: "carol", name: "carol" }, by: bob },
    ];
    const text = textOf(CARD, events);
    expect(text).toContain("started by *alice* <!date^");
    expect(text).toContain("in charge: *carol*");
    expect(text).toContain("node `vault-2`");
    expect(text).toContain("<https://sealwatch.example/runs/R1|Run on the web>");
  });

  it.each([
    { name: "the alert fires", status: "firing" as const, says: "the alert still fires" },
    { name: "the alert is resolved", status: "resolved" as const, says: "the alert is resolved" },
  ])("that $name", ({ status, says }) => {
    expect(textOf(CARD, [started("R1"), alertNoted(status)])).toContain(says);
  });

  it("that it has the cluster to itself", () => {
    expect(textOf(CARD, [started("R1"), ...lockedOut(), lockTaken()])).toContain(":lock: has the cluster to itself");
  });

  it("that it is a dry run or a drill, in the title", () => {
    const dry = { ...started("R1"), dryRun: true } as RunEvent;
    expect(textOf(CARD, [dry])).toContain("DRY RUN · A node is sealed (prod)");
    const planned: readonly RunEvent[] = [
      dry,
      { type: "StepPlanned", at: T0 + 5, step: "step_down", text: "Would call: PUT.", plan: gate().plan },
    ];
    expect(textOf(CARD, planned)).toContain(":clipboard: Make the leader step down · Would call: PUT.");
    expect(textOf(CARD, [{ ...started("R1"), drill: true } as RunEvent])).toContain("DRILL · A node is sealed");
  });
});

describe("the card's buttons", () => {
  const cases: readonly { name: string; events: readonly RunEvent[]; offers: readonly string[] }[] = [
    { name: "an open run: take over, abort", events: checked(), offers: [ACTIONS.takeOver, ACTIONS.abort] },
    {
      name: "a wait has no message of its own to press Skip at",
      events: waiting(),
      offers: [ACTIONS.takeOver, ACTIONS.skip, ACTIONS.abort],
    },
    {
      name: "a held run may be re-opened here too",
      events: held(),
      offers: [ACTIONS.reopen, ACTIONS.takeOver, ACTIONS.abort],
    },
    {
      name: "a gate is approved at the gate, with all that it rests on",
      events: gateOpened(),
      offers: [ACTIONS.takeOver, ACTIONS.abort],
    },
    { name: "a run that ended: none", events: [finished()], offers: [] },
  ];

  it.each(cases)("$name", ({ events, offers }) => {
    expect(actionsOf(messageOf(CARD, [started("R1"), ...events]))).toEqual(offers);
  });
});

describe("the card's steps as Slack's plan", () => {
  it("know what is done, what runs and what comes, and their words", () => {
    const { blocks } = messageOf(CARD, [started("R1"), ...checked(), ...gateOpened()], { steps: "plan" });
    const plan = blocks.find(({ type }) => type === "plan");
    expect(plan).toMatchObject({
      title: "Step 2 of 3",
      tasks: [
        { task_id: "seal", title: "Read the seal", status: "complete" },
        { task_id: "step_down", title: "Make the leader step down", status: "in_progress" },
        { task_id: "unseal", title: "Unseal by hand", status: "pending" },
      ],
    });
    const [output] = JSON.stringify(plan).match(/"elements":\[\{"type":"text".*?\]/u) ?? [];
    expect(JSON.parse(`{${output}}`)).toEqual({
      elements: [
        { type: "text", text: "vault-2", style: { code: true } },
        { type: "text", text: " is sealed (awskms)." },
      ],
    });
  });

  it("say in the title what Slack has no state for", () => {
    const skipped: RunEvent = { type: "StepSkipped", at: T0 + 1, step: "seal", text: "not needed", by: undefined };
    expect(textOf(CARD, [started("R1"), skipped], { steps: "plan" })).toContain("Read the seal (skipped)");
  });

  it.each([{ steps: "classic" as const }, { steps: "plan" as const }])(
    "of a long runbook show what is near, count the rest, and fit ($steps)",
    ({ steps }) => {
      const card = fitMessage(messageOf(CARD, deepRun("A step with words ".repeat(8)), { steps }));
      expect(JSON.stringify(card)).toContain("earlier");
      expect(JSON.stringify(card.blocks).length).toBeLessThanOrEqual(14_000);
      if (steps === "classic") expect(checkMessage(card, "update")).toBeUndefined();
      expect(actionsOf(card)).toEqual([ACTIONS.takeOver, ACTIONS.abort]);
    },
  );
});

function lockTaken(): RunEvent {
  return { type: "LockTaken", at: T0 + 3000, step: "step_down", since: T0 + 3000 };
}
