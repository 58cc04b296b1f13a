import { describe, expect, it } from "@jest/globals";
import { webApi } from "@slack/bolt";
import type { RunEvent } from "../../../src/engine/events.ts";
import { ACTIONS, VIEWS } from "../../../src/slack/ids.ts";
import { BUTTONS } from "../../../src/slack/buttons/index.ts";
import {
  asked,
  bob,
  finished,
  gate,
  gateOpened,
  held,
  manualBegun,
  started,
  stuck,
  T0,
  TYPED,
  unknown,
} from "../timeline.ts";
import { fakeBot, type FakeBot } from "./fake-bot.ts";

async function press(world: FakeBot, action: string, value: string): Promise<string | undefined> {
  const handler = BUTTONS[action];
  if (handler === undefined) throw new Error(`no button has the id ${action}`);
  return await handler(world.bot, world.click(value));
}

const GATE = "R1:step_down.1";
const at = T0 + 9000;

/** Every button that opens a form, with a run in which it means something. */
const FORMS: readonly { name: string; action: string; value: string; events: readonly RunEvent[]; asks: string }[] = [
  {
    name: "approve by typing",
    action: ACTIONS.confirmGate,
    value: GATE,
    events: gateOpened(TYPED),
    asks: VIEWS.confirmGate,
  },
  { name: "reject", action: ACTIONS.reject, value: GATE, events: gateOpened(), asks: VIEWS.rejectGate },
  { name: "break-glass", action: ACTIONS.breakGlass, value: GATE, events: gateOpened(), asks: VIEWS.breakGlass },
  { name: "answer", action: ACTIONS.answer, value: "R1:step_down", events: asked(), asks: VIEWS.answer },
  { name: "skip", action: ACTIONS.skip, value: "R1:step_down", events: stuck(), asks: VIEWS.skip },
  { name: "it took effect", action: ACTIONS.markDone, value: "R1:step_down", events: unknown(), asks: VIEWS.markDone },
  {
    name: "again, though unknown",
    action: ACTIONS.retryUnknown,
    value: "R1:step_down",
    events: unknown(),
    asks: VIEWS.retry,
  },
  { name: "abort", action: ACTIONS.abort, value: "R1:", events: manualBegun(), asks: VIEWS.abort },
];

describe("a button that opens a form", () => {
  it.each(FORMS)("opens it before anything is read, then fills it: $name", async ({ action, value, events, asks }) => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...events);
    expect(await press(world, action, value)).toBeUndefined();
    expect(world.order).toEqual(["open", "read", "update"]);
    expect(JSON.stringify(world.opened[0]?.blocks)).toContain("One moment");
    expect(world.runs.asked).toEqual([]);
    expect(world.form()).toBe(asks);
    expect(world.shown()).toContain('"type":"input"');
  });

  it.each(FORMS)("says in it why there is none when the run ended: $name", async ({ action, value, events }) => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...events, finished());
    expect(await press(world, action, value)).toBeUndefined();
    expect(world.shown()).toMatch(/vault-2 serves again|the run ended/u);
    expect(world.shown()).not.toContain('"type":"input"');
    expect(world.refusals).toEqual(["stale"]);
  });

  it.each(FORMS)("remembers what it is about and where it was opened, nothing else: $name", async (form) => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...form.events);
    await press(world, form.action, form.value);
    const known = ["runId", "what", "plan", "channel", "thread"];
    expect(Object.keys(world.memory()).filter((key) => !known.includes(key))).toEqual([]);
    expect(world.memory()).toMatchObject({ runId: "R1", channel: "C0INCIDENTS", thread: "1.000100" });
  });

  it.each(FORMS)("says in it that a run is gone: $name", async ({ action, value }) => {
    const world = fakeBot();
    await press(world, action, value);
    expect(world.shown()).toContain("This run is not known any more.");
    expect(world.refusals).toEqual(["unknown_action"]);
  });

  it("says in it what the run asks now, when it is at the same step but asks something else", async () => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await press(world, ACTIONS.skip, "R1:step_down");
    expect(world.shown()).toContain("The run moved on. :lock: waiting for approval");
    expect(world.form()).toBeUndefined();
  });

  it("says to press again when Slack opened nothing in time, and reads nothing", async () => {
    const world = fakeBot();
    world.slack.open = new Error("expired_trigger_id");
    expect(await press(world, ACTIONS.abort, "R1:")).toContain("Nothing happened; press again.");
    expect(world.order).toEqual(["open"]);
  });

  it("says to press again when the form could not be shown", async () => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...stuck());
    world.slack.update = new Error("fatal_error");
    expect(await press(world, ACTIONS.skip, "R1:step_down")).toContain("could not be shown");
  });

  it("says nothing to who closed it meanwhile", async () => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...stuck());
    world.slack.update = new webApi.WebAPIPlatformError({ ok: false, error: "not_found" });
    expect(await press(world, ACTIONS.skip, "R1:step_down")).toBeUndefined();
  });

  it("says in it that something failed, and logs it without what is secret", async () => {
    const token = `hvs.${"a".repeat(24)}`;
    const world = fakeBot();
    const failing = {
      ...world.bot,
      runs: { ...world.bot.runs, get: async () => await Promise.reject(new Error(token)) },
    };
    await BUTTONS[ACTIONS.abort]?.(failing, world.click("R1:"));
    expect(world.shown()).toContain("Something failed here");
    expect(world.logs.join()).toContain("cannot draw a form for slack");
    expect(world.logs.join()).not.toContain(token);
  });
});

describe("the form of a typed gate", () => {
  it.each([
    { name: "the exact call", says: "*Call* `PUT sys/step-down on vault-0`" },
    { name: "the node", says: "*Node* `vault-0`" },
    { name: "the cluster with its id", says: "*Cluster* `prod` (id `8d1c1f0e" },
    { name: "why it is safe now", says: "*Why it is safe now*" },
    { name: "what it costs", says: "*Cost* No leader for some seconds." },
    { name: "what proves success", says: "*Proof of success*" },
    { name: "how dangerous it is", says: "*Danger* disruptive" },
    {
      name: "how many must agree and who may not",
      says: "2 different people who neither started the run nor are in charge of it (alice)",
    },
    { name: "who agreed already", says: "*bob*" },
    { name: "how many of how many", says: "1 of 2" },
    { name: "how long it still waits", says: "expires <!date^" },
    { name: "what to type", says: "Type the cluster's name" },
  ])("says $name", async ({ says }) => {
    const world = fakeBot();
    const voted: RunEvent = { type: "GateVoted", at: T0 + 4000, gate: "step_down.1", by: bob };
    world.runs.append("R1", started("R1"), ...gateOpened({ ...TYPED, approvals: 2 }), voted);
    await press(world, ACTIONS.confirmGate, GATE);
    expect(world.shown()).toContain(says);
  });

  const closings: readonly { name: string; events: readonly RunEvent[]; says: readonly string[] }[] = [
    {
      name: "rejected",
      events: [{ type: "GateRejected", at, gate: "step_down.1", by: bob, reason: "not at noon" }],
      says: ["This gate is closed: :no_entry: *Rejected* <!date^", "bob", "not at noon"],
    },
    { name: "expired", events: [{ type: "GateExpired", at, gate: "step_down.1" }], says: ["*Expired*"] },
    { name: "agreed", events: [{ type: "GateAgreed", at, gate: "step_down.1" }], says: ["*Approved*"] },
    {
      name: "void",
      events: [{ type: "GateVoided", at, gate: "step_down.1", differences: ["3 healthy became 2"] }],
      says: ["*Void*"],
    },
  ];

  it.each(closings)("says who closed the gate, when and why, when it is closed: $name", async ({ events, says }) => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...gateOpened(TYPED), ...events);
    await press(world, ACTIONS.confirmGate, GATE);
    for (const part of says) expect(world.shown()).toContain(part);
    expect(world.shown()).toContain("Nothing was done with your click.");
  });

  it("is asked for by an old message too, whose button had another id", async () => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...gateOpened(TYPED));
    await press(world, ACTIONS.approve, GATE);
    expect(world.shown()).toContain("Type the cluster's name");
    expect(world.runs.asked).toEqual([]);
  });
});

describe("a button that asks the run service at once", () => {
  const cases: readonly { name: string; action: string; value: string; events: readonly RunEvent[]; asks: object }[] = [
    {
      name: "approve, bound to the plan that was shown",
      action: ACTIONS.approve,
      value: GATE,
      events: gateOpened(),
      asks: { type: "approve", runId: "R1", gateId: "step_down.1", planHash: gate().planHash },
    },
    {
      name: "the work is done",
      action: ACTIONS.manualDone,
      value: "R1:unseal",
      events: manualBegun(),
      asks: { type: "confirm-manual", runId: "R1", step: "unseal" },
    },
    {
      name: "try again",
      action: ACTIONS.retry,
      value: "R1:step_down",
      events: stuck(),
      asks: { type: "retry", runId: "R1", step: "step_down" },
    },
    {
      name: "re-open",
      action: ACTIONS.reopen,
      value: "R1:step_down",
      events: held(),
      asks: { type: "reopen", runId: "R1", step: "step_down" },
    },
    {
      name: "take over",
      action: ACTIONS.takeOver,
      value: "R1:",
      events: stuck(),
      asks: { type: "assign", runId: "R1", to: { id: "bob", name: "bob" } },
    },
  ];

  it.each(cases)("$name", async ({ action, value, events, asks }) => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...events);
    world.runs.answer = ({ runId }) => ({ ok: true, runId });
    expect(await press(world, action, value)).toBeUndefined();
    expect(world.runs.asked).toEqual([
      expect.objectContaining({ ...asks, by: expect.objectContaining({ id: "bob" }) }),
    ]);
    expect(world.opened).toEqual([]);
  });

  it.each(cases)("says why not, without markup of others: $name", async ({ action, value, events }) => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...events);
    world.runs.answer = () => ({ ok: false, why: "<!channel> may not", code: "role" });
    expect(await press(world, action, value)).toBe("&lt;!channel&gt; may not");
  });

  it("asks why first when nobody knows what the call did, from an old message too", async () => {
    const world = fakeBot();
    world.runs.append("R1", started("R1"), ...unknown());
    await press(world, ACTIONS.retry, "R1:step_down");
    expect(world.shown()).toContain("How do you know that it took no effect?");
    expect(world.runs.asked).toEqual([]);
  });
});
