import { describe, expect, it } from "@jest/globals";
import type { AlertGroup } from "../../../src/runner/ports.ts";
import { ALERT, alertGroup, gateOpened, started } from "../timeline.ts";
import { byKey } from "../world.ts";
import { mostWithin, openPress } from "./press.ts";

const SEVERITIES = ["info", "warning", "critical", undefined] as const;

/** Five hundred groups of mixed severity, told in no order of it. */
function storm(): readonly AlertGroup[] {
  return Array.from({ length: 500 }, (_each, index) => {
    const severity = SEVERITIES[index % SEVERITIES.length];
    const { severity: _none, ...labels } = ALERT.labels;
    const named = { ...labels, alertname: `Storm${index}`, ...(severity === undefined ? {} : { severity }) };
    return alertGroup("firing", { key: `{}:{n="${index}"}`, alerts: [{ ...ALERT, labels: named }] });
  });
}

describe("five hundred alerts at once", () => {
  it("have one card each, those that wake people first, at Slack's pace, and a gate goes before all of them", async () => {
    await using world = await openPress();
    const groups = storm();
    for (const group of groups) await world.alert(group);
    await world.time.pass(60_000);
    const askedAt = world.time.clock.now();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();

    const cards = world.slack.messages().filter(({ text }) => text.startsWith("Firing"));
    expect(cards).toHaveLength(500);
    expect(new Set(cards.map(({ text }) => /Storm\d+/u.exec(text)?.[0])).size).toBe(500);
    const numbers = cards.map(({ text }) => Number(/Storm(\d+)/u.exec(text)?.[1]));
    const order = ["critical", "warning", undefined, "info"];
    const ranks = numbers.map((number) => order.indexOf(SEVERITIES[number % SEVERITIES.length]));
    // The first few went out before the others were stored.
    expect(ranks.slice(10)).toEqual(ranks.slice(10).toSorted((left, right) => left - right));
    expect(ranks.slice(0, 10).filter((rank) => rank > 0).length).toBeLessThanOrEqual(5);
    const critical = numbers.slice(10).filter((number) => number % 4 === 2);
    expect(critical).toEqual(critical.toSorted((left, right) => left - right));

    expect(world.slack.calls().filter(({ error }) => error !== undefined)).toEqual([]);
    expect(mostWithin(world.calls, "post", 10_000)).toBeLessThanOrEqual(15);
    const question = world.calls.find(({ about }) => about.includes("/gate:"));
    expect((question?.at ?? Number.POSITIVE_INFINITY) - askedAt).toBeLessThanOrEqual(2000);
    expect(world.slack.messages().filter(byKey("run:R1/gate:step_down.1"))).toHaveLength(1);
  }, 120_000);
});
