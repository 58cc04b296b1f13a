import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { alice, bob, finished, gate, gateOpened, started, T0, TYPED } from "../timeline.ts";
import { actionsOf, messageOf, textOf } from "./draw.ts";

const GATE = "run:R1/gate:step_down.1";
const open = [started("R1"), ...gateOpened()];

describe("an open gate says all that a yes rests on", () => {
  it.each([
    { name: "the exact call", says: "*Call* `PUT sys/step-down on vault-0`" },
    { name: "the node", says: "*Node* `vault-0`" },
    { name: "the cluster and its own id", says: "*Cluster* `prod` (id `8d1c1f0e-5d0a-4f0b-9c43-0d6f6f2b7a11`)" },
    { name: "why it is safe now", says: "*Why it is safe now*\\n:white_check_mark: 3 voters, 3 healthy" },
    { name: "what it costs", says: "*Cost* No leader for some seconds." },
    { name: "what proves success", says: "*Proof of success* Another node says that it leads." },
    {
      name: "how dangerous it is",
      says: "*Danger* disruptive, whoever uses the cluster may notice; never repeated by itself",
    },
    { name: "the plan that a yes is bound to", says: "plan `cdcdcdcdcdcd`" },
    { name: "the runbook's text that it comes from", says: "runbook `abababababab`" },
    { name: "who asks", says: "asked by the run that *alice* started" },
    { name: "until when", says: "the question expires <!date^" },
  ])("$name", ({ says }) => {
    expect(textOf(GATE, open)).toContain(says);
  });

  it("does not call a fact safe that does not hold", () => {
    const { plan } = gate();
    const preconditions = [{ name: "quorum", ok: false, value: 2, text: "2 of 3 are healthy" }];
    const text = textOf(GATE, [started("R1"), ...gateOpened({ plan: { ...plan, preconditions } })]);
    expect(text).toContain("*Facts it rests on*\\n:x: 2 of 3 are healthy");
  });

  it("says that the cluster's id was never seen", () => {
    const { plan } = gate();
    expect(textOf(GATE, [started("R1"), ...gateOpened({ plan: { ...plan, clusterId: undefined } })])).toContain(
      "(its id was never seen)",
    );
  });

  it("says what changed since people saw it", () => {
    expect(textOf(GATE, [started("R1"), ...gateOpened({ differences: ["3 healthy became 2"] })])).toContain(
      "earlier approvals are void*\\n• 3 healthy became 2",
    );
  });
});

describe("an open gate says who must agree", () => {
  it("groups, and everybody who may not approve", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      { type: "Assigned", at: T0 + 1, to: { id: "carol", name: "carol" }, by: bob },
      ...gateOpened({ groups: ["dba", "platform"] }),
    ];
    expect(textOf(GATE, events)).toContain(
      "One person of dba or platform who neither started the run nor is in charge of it (alice, carol)",
    );
  });

  it("n of m, each approval by name", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      ...gateOpened({ approvals: 2 }),
      { type: "GateVoted", at: T0 + 5000, gate: "step_down.1", by: bob },
    ];
    const text = textOf(GATE, events);
    expect(text).toContain("2 different people");
    expect(text).toContain(":ballot_box_with_check: *bob* <!date^");
    expect(text).toContain("1 of 2");
  });

  it("and calls them: members and user groups, nothing else", () => {
    const { text } = messageOf(GATE, open, { approversOf: () => ["U0BOB", "S0APPROVERS", "!channel"] });
    expect(text).toMatch(/^<!subteam\^S0APPROVERS> <@U0BOB> :lock: \*Approval needed:\*/u);
    expect(text).not.toContain("!channel");
  });

  it("is said in the channel too when the call cannot be taken back", () => {
    const plan = { ...gate().plan, danger: "destructive" as const };
    const message = messageOf(GATE, [started("R1"), ...gateOpened({ plan })]);
    expect(message).toMatchObject({ broadcast: true, urgent: true });
    expect(JSON.stringify(message)).toContain(":bangbang: destructive, it cannot be taken back");
    expect(messageOf(GATE, open).broadcast).toBe(false);
  });
});

describe("a gate is as strong as its call is dangerous", () => {
  it("nothing typed: Slack asks once more before it sends the click", () => {
    const { blocks } = messageOf(GATE, open, { breakGlass: false });
    const [approve] = blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));
    expect(approve).toMatchObject({
      action_id: ACTIONS.approve,
      confirm: {
        title: { text: "Approve this call?" },
        text: { text: expect.stringContaining("PUT sys/step-down on vault-0\nCluster prod, disruptive") },
      },
    });
  });

  it("typed: another button, known by its id, so that its form opens before anything is read", () => {
    const typed = [started("R1"), ...gateOpened(TYPED)];
    expect(actionsOf(messageOf(GATE, typed, { breakGlass: false }))).toEqual([ACTIONS.confirmGate, ACTIONS.reject]);
    expect(textOf(GATE, typed)).toContain("each typing the cluster's name `prod`");
  });

  it("past it alone only where that is allowed", () => {
    expect(actionsOf(messageOf(GATE, open))).toContain(ACTIONS.breakGlass);
    expect(actionsOf(messageOf(GATE, open, { breakGlass: false }))).not.toContain(ACTIONS.breakGlass);
  });

  it("carries nothing in its buttons but the run and the gate", () => {
    const values = [...textOf(GATE, open).matchAll(/"value":"([^"]+)"/gu)].map(([, value]) => value);
    expect(new Set(values)).toEqual(new Set(["R1:step_down.1"]));
  });
});

describe("a closed gate has no buttons and says who closed it, when and why", () => {
  const at = T0 + 9000;
  const of = "step_down.1";
  const cases: readonly { name: string; events: readonly RunEvent[]; says: readonly string[] }[] = [
    {
      name: "approved",
      events: [
        { type: "GateVoted", at, gate: of, by: bob },
        { type: "GateAgreed", at, gate: of },
      ],
      says: [":unlock: *Approved*: Make the leader step down", "*bob* <!date^"],
    },
    {
      name: "rejected",
      events: [{ type: "GateRejected", at, gate: of, by: bob, reason: "not at noon" }],
      says: [":no_entry: *Rejected*", "bob", "not at noon", "<!date^"],
    },
    { name: "expired", events: [{ type: "GateExpired", at, gate: of }], says: [":hourglass_flowing_sand: *Expired*"] },
    {
      name: "void",
      events: [{ type: "GateVoided", at, gate: of, differences: ["3 healthy became 2"] }],
      says: [":warning: *Void*", "<!date^"],
    },
    {
      name: "broken",
      events: [{ type: "GateBroken", at, gate: of, by: bob, reason: "nobody else" }],
      says: [":rotating_light: *BREAK-GLASS*"],
    },
    {
      name: "left open by a run that ended",
      events: [finished()],
      says: [":octagonal_sign: *Closed*", "the run ended"],
    },
  ];

  it.each(cases)("$name", ({ events, says }) => {
    const message = messageOf(GATE, [...open, ...events], { approversOf: () => ["U0BOB"] });
    expect(actionsOf(message)).toEqual([]);
    expect(message.text).not.toContain("<@U0BOB>");
    for (const part of says) expect(JSON.stringify(message)).toContain(part);
  });

  it("still says what was asked", () => {
    const text = textOf(GATE, [...open, { type: "GateRejected", at, gate: of, by: alice, reason: "no" }]);
    expect(text).toContain("*Call* `PUT sys/step-down on vault-0`");
  });
});
