import { describe, expect, it } from "@jest/globals";
import { gateOpened, started, T0 } from "../timeline.ts";
import { byKey } from "../world.ts";
import { openPress } from "./press.ts";

const GATE = "run:R1/gate:step_down.1";
const REMINDER = byKey("run:R1/remind:gate:step_down.1");
const ESCALATION = byKey("run:R1/escalate:gate:step_down.1");
const MINUTE = 60_000;
const HERE = { id: "C0OPS", name: "ops" };
const ELSEWHERE = { id: "C0MANAGERS", name: "managers" };
const waits = { remindAfterMs: 5 * MINUTE, escalateAfterMs: 15 * MINUTE, escalateTo: ELSEWHERE.id };

describe("a gate that nobody answers", () => {
  it("is asked once more after its time, by whoever sends then, and told elsewhere once", async () => {
    await using world = await openPress({
      publisher: { waits, channelOf: () => HERE.id },
      slack: { channels: [HERE, ELSEWHERE] },
    });
    world.runs.append("R1", started("R1"), ...gateOpened({ expiresAt: T0 + 60 * MINUTE }));
    await world.idle();
    await world.time.pass(4.9 * MINUTE);
    expect(world.slack.messages().filter(REMINDER)).toEqual([]);
    await world.restart();
    await world.time.pass(MINUTE / 5);
    await world.idle();
    expect(world.slack.messages().filter(REMINDER)).toHaveLength(1);
    await world.time.pass(11 * MINUTE);
    await world.idle();
    await world.time.pass(11 * MINUTE);
    await world.idle();
    expect(world.slack.messages().filter(REMINDER)).toHaveLength(1);
    const [told, ...others] = world.slack.messages().filter(ESCALATION);
    expect(others).toEqual([]);
    expect(told?.channel).toBe(ELSEWHERE.id);
    expect(told?.threadTs).toBeUndefined();
    const question = world.slack.messages().find(byKey(GATE));
    expect(JSON.stringify(told?.blocks)).toContain(`/archives/${HERE.id}/p${question?.ts.replace(".", "")}`);
  });

  it("is not asked again once it is closed", async () => {
    await using world = await openPress({ publisher: { waits } });
    world.runs.append("R1", started("R1"), ...gateOpened({ expiresAt: T0 + 60 * MINUTE }));
    await world.idle();
    world.runs.append("R1", { type: "GateExpired", at: T0 + 9000, gate: "step_down.1" });
    await world.idle();
    await world.time.pass(30 * MINUTE);
    await world.idle();
    expect(world.slack.messages().filter((message) => REMINDER(message) || ESCALATION(message))).toEqual([]);
  });
});
