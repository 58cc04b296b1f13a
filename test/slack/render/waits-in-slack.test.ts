import { describe, expect, it } from "@jest/globals";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { bob, gateOpened, started, T0 } from "../timeline.ts";
import { byKey, openWorld, type World } from "../world.ts";
import { MINUTE } from "./draw.ts";

const REMINDER = "run:R1/remind:gate:step_down.1";
const ESCALATION = "run:R1/escalate:gate:step_down.1";

/** A gate is open in Slack; so many minutes pass. */
async function wait(world: World, minutes: number): Promise<void> {
  await world.time.pass(minutes * MINUTE);
  await world.bot.idle();
}

const count = ({ slack }: World, key: string): number => slack.messages().filter(byKey(key)).length;

describe("a gate that nobody answers", () => {
  it("is asked once more after five minutes, once, and no more when it is answered", async () => {
    await using world = await openWorld({}, { sameTime: true });
    world.runs.append("R1", started("R1"), ...gateOpened({ expiresAt: T0 + 60 * MINUTE }));
    await world.bot.idle();
    await wait(world, 4);
    expect(count(world, REMINDER)).toBe(0);
    await wait(world, 1.1);
    expect(count(world, REMINDER)).toBe(1);
    expect(world.slack.messages().find(byKey(REMINDER))?.text).toMatch(/^<@U0BOB> :bell:/u);
    await wait(world, 12);
    expect(count(world, REMINDER)).toBe(1);
    expect(count(world, ESCALATION)).toBe(0);
    world.runs.append("R1", { type: "GateRejected", at: T0 + 20 * MINUTE, gate: "step_down.1", by: bob, reason: "no" });
    await world.bot.idle();
    expect(JSON.stringify(world.slack.messages().find(byKey("run:R1/gate:step_down.1")))).not.toContain(
      ACTIONS.approve,
    );
  });

  it("is told to somebody else after a quarter of an hour, once, also by the replica that comes after", async () => {
    const config = { escalateTo: "U0CAROL" };
    await using world = await openWorld({}, { sameTime: true });
    await world.restart({ config: { ...world.options.config, ...config } });
    world.runs.append("R1", started("R1"), ...gateOpened({ expiresAt: T0 + 60 * MINUTE }));
    await world.bot.idle();
    await wait(world, 16);
    expect(count(world, ESCALATION)).toBe(1);
    expect(world.slack.messages().find(byKey(ESCALATION))?.text).toMatch(/^<@U0CAROL> :mega: \*Nobody answered\*/u);
    await world.restart({ config: { ...world.options.config, ...config } });
    await wait(world, 5);
    expect(count(world, ESCALATION)).toBe(1);
  });

  it("counts down on its card, and in its message", async () => {
    await using world = await openWorld({}, { sameTime: true });
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.bot.idle();
    await wait(world, 26);
    for (const key of ["run:R1/card", "run:R1/gate:step_down.1"])
      expect(JSON.stringify(world.slack.messages().find(byKey(key)))).toContain("less than 5 min left");
  });
});
