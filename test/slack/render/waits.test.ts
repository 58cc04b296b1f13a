import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import type { RunContext } from "../../../src/slack/render/run-context.ts";
import { bob, gateOpened, lockedOut, started, stuck, T0 } from "../timeline.ts";
import { draw, MINUTE, WAITS } from "./draw.ts";

const POSTED = T0 + 4000;
const REMINDER = "run:R1/remind:gate:step_down.1";
const ESCALATION = "run:R1/escalate:gate:step_down.1";
const atGate = [started("R1"), ...gateOpened()];

/** The gate's message appeared in Slack at `POSTED`; it is so many minutes later. */
function after(minutes: number, escalateTo?: string): Partial<RunContext> {
  return {
    now: POSTED + minutes * MINUTE,
    waits: { ...WAITS, escalateTo, postedAt: () => POSTED, linkOf: () => "https://slack.example/archives/C1/p1" },
    approversOf: () => ["U0BOB"],
  };
}

const keysOf = (events: readonly RunEvent[], context: Partial<RunContext>): readonly string[] =>
  draw(events, context).messages.map(({ key }) => key);
const find = (key: string, context: Partial<RunContext>) =>
  draw(atGate, context).messages.find((message) => message.key === key);

describe("a question that nobody answers", () => {
  it("is left alone at first, and looked at again when it is time to remind", () => {
    expect(keysOf(atGate, after(4.9))).not.toContain(REMINDER);
    expect(draw(atGate, after(4.9)).againAt).toBe(POSTED + 5 * MINUTE);
  });

  it("is asked once more, with the same mentions", () => {
    const reminder = find(REMINDER, after(5));
    expect(reminder).toMatchObject({ mode: "once", urgent: true });
    expect(reminder?.text).toMatch(/^<@U0BOB> :bell: \*Still waiting\* since <!date\^.*Make the leader step down/u);
  });

  it("is asked once more with the same words however late it is: the same message, posted once", () => {
    expect(find(REMINDER, after(5))).toEqual(find(REMINDER, after(29)));
  });

  it("comes back to nobody when it is not in Slack yet: it must be there first", () => {
    const context = { now: T0 + 20 * MINUTE, waits: WAITS };
    expect(keysOf(atGate, context)).not.toContain(REMINDER);
    expect(draw(atGate, context).againAt).toBeLessThanOrEqual(T0 + 25 * MINUTE);
  });

  it("is told to nobody else where nobody is configured", () => {
    expect(keysOf(atGate, after(20))).not.toContain(ESCALATION);
  });

  it.each([
    { to: "S0ONCALL", mention: "<!subteam^S0ONCALL>" },
    { to: "U0CAROL", mention: "<@U0CAROL>" },
  ])("is told to $to in the thread, once", ({ to, mention }) => {
    expect(keysOf(atGate, after(14.9, to))).not.toContain(ESCALATION);
    const escalation = find(ESCALATION, after(15, to));
    expect(escalation?.text.startsWith(`${mention} :mega: *Nobody answered* since`)).toBe(true);
    expect(escalation?.channel).toBeUndefined();
  });

  it("is told to a channel by a post there, with the way back", () => {
    const escalation = find(ESCALATION, after(15, "C0ONCALL"));
    expect(escalation).toMatchObject({ channel: "C0ONCALL", mode: "once" });
    const text = JSON.stringify(escalation);
    expect(text).toContain("<https://slack.example/archives/C1/p1|The question in Slack>");
    expect(text).toContain("<https://sealwatch.example/runs/R1|Run on the web>");
    expect(text).not.toContain("<@");
  });

  it.each([
    {
      name: "a gate that was rejected",
      ending: { type: "GateRejected", at: POSTED, gate: "step_down.1", by: bob, reason: "no" },
    },
    {
      name: "a run that ended",
      ending: { type: "RunFinished", at: POSTED, result: "aborted", text: "enough", by: bob },
    },
  ] as const)("is not asked once more when it is answered: $name", ({ ending }) => {
    const keys = keysOf([...atGate, ending], after(20, "C0ONCALL"));
    expect(keys.filter((key) => /remind|escalate/u.test(key) && key.includes("gate"))).toEqual([]);
  });

  it("is asked once more for a step that failed too, of who is in charge", () => {
    const events = [started("R1"), ...stuck()];
    const { messages } = draw(events, { ...after(6), memberOf: () => "U0ALICE" });
    const reminder = messages.find(({ key }) => key === "run:R1/remind:stuck:step_down:1");
    expect(reminder?.text).toMatch(/^<@U0ALICE> :bell: .*a step failed, somebody must decide/u);
  });

  it("is not asked once more of people when only another run can answer it", () => {
    expect(keysOf([started("R1"), ...lockedOut()], after(20)).filter((key) => key.includes("remind"))).toEqual([]);
  });
});
