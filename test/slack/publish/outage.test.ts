import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { KEYS } from "../../../src/slack/ids.ts";
import { bob, finished, gateOpened, manualBegun, started, T0 } from "../timeline.ts";
import { byKey, textOf } from "../world.ts";
import { keysOf, mostWithin, openPress, type Press } from "./press.ts";

const RUNS = Array.from({ length: 20 }, (_each, index) => `R${index + 1}`);
const MINUTE = 60_000;

function note(at: number, text: string): RunEvent {
  return { type: "Said", at, text, by: undefined };
}

const AGREED: readonly RunEvent[] = [
  { type: "GateVoted", at: T0 + 9000, gate: "step_down.1", by: bob },
  { type: "GateAgreed", at: T0 + 9000, gate: "step_down.1" },
];

/** Ten minutes of twenty runs: each says something every minute; some meet a gate, some end. */
async function tenMinutes(world: Press): Promise<void> {
  for (let minute = 1; minute <= 10; minute++) {
    for (const [index, id] of RUNS.entries()) {
      // The last five end in the ninth minute.
      if (minute < 10 || index < 15)
        world.runs.append(id, note(world.time.clock.now(), `${id} says number ${minute}.`));
      if (minute === 3 && index < 8) world.runs.append(id, ...gateOpened());
      if (minute === 6 && index < 4) world.runs.append(id, ...AGREED);
      if (minute === 9 && index >= 15) world.runs.append(id, finished());
    }
    await world.time.pass(MINUTE);
  }
}

describe("twenty runs while slack is down for ten minutes", () => {
  it("block nothing, lose nothing, say nothing twice, keep their order, and have true cards within a minute of its return", async () => {
    await using world = await openPress();
    for (const id of RUNS) world.runs.append(id, started(id));
    await world.idle();
    await world.time.pass(2 * MINUTE);

    const callsBefore = world.calls.length;
    world.slack.down();
    await tenMinutes(world);
    const during = world.calls.slice(callsBefore);
    const { depth, awaySince } = await world.publisher.status();
    world.slack.up();
    const upAt = world.time.clock.now();
    await world.idle();

    // One question after another instead of hammering, and one subject a run however often it changed.
    expect(during.filter(({ method }) => method === "whoAmI").length).toBeGreaterThan(50);
    expect(during.filter(({ method }) => method === "whoAmI").length).toBeLessThan(130);
    expect(during.filter(({ method }) => method !== "whoAmI").length).toBeLessThan(10);
    expect(depth).toBe(20);
    expect(awaySince).toBeDefined();

    const keys = keysOf(world.slack);
    expect(new Set(keys).size).toBe(keys.length);
    for (const [index, id] of RUNS.entries()) {
      const notes = index < 15 ? 10 : 9;
      for (let number = 0; number < notes; number++) expect(keys).toContain(KEYS.note(id, number));
      if (index < 8) expect(keys).toContain(KEYS.gate(id, "step_down.1"));
      if (index >= 15) expect(keys).toContain(KEYS.end(id));
      const said = world.slack
        .messages()
        .filter((message) => message.threadTs !== undefined)
        .flatMap((message) => [...message.text.matchAll(new RegExp(`${id} says number (\\d+)\\.`, "gu"))])
        .map(([, number]) => Number(number));
      expect(said).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].slice(0, notes));
    }

    const cards = new Set(
      world.slack
        .messages()
        .filter(({ threadTs }) => threadTs === undefined)
        .map(({ ts }) => ts),
    );
    const lastCard = Math.max(
      ...world.calls.filter(({ method, about }) => method === "update" && cards.has(about)).map(({ at }) => at),
    );
    expect(lastCard - upAt).toBeLessThanOrEqual(MINUTE);
    expect(lastCard).toBeGreaterThan(upAt);
    for (const id of RUNS.slice(4, 8))
      expect(textOf(world.slack.messages().find(byKey(KEYS.runCard(id))))).toContain("waiting for approval");
    for (const id of RUNS.slice(15))
      expect(textOf(world.slack.messages().find(byKey(KEYS.runCard(id))))).toContain("vault-2 serves again.");
    expect(mostWithin(world.calls, "update", MINUTE)).toBeLessThanOrEqual(40);
    expect(world.slack.calls().filter(({ error }) => error === "ratelimited")).toEqual([]);

    // What people are asked comes first.
    const posts = world.calls.filter(({ method, at }) => method === "post" && at >= upAt);
    const lastGate = posts.findLastIndex(({ about }) => about.includes("/gate:"));
    expect(posts.slice(0, lastGate).filter(({ about }) => /R(9|1[0-5])\/note/u.test(about)).length).toBeLessThanOrEqual(
      4,
    );
  }, 60_000);
});

describe("a storm of 429", () => {
  it("does not hold up gates for two seconds, and updates coalesce to at most forty a minute", async () => {
    await using world = await openPress();
    for (const id of RUNS) world.runs.append(id, started(id), ...manualBegun("0 of 999 key shares"));
    await world.idle();
    await world.time.pass(2 * MINUTE);
    world.slack.tighten("chat.update", { perMinute: 6, burst: 3 });
    const before = world.calls.length;

    const asked = new Map<string, number>();
    for (let second = 1; second <= 120; second++) {
      for (const id of RUNS)
        world.runs.append(id, {
          type: "Polled",
          at: world.time.clock.now(),
          step: "unseal",
          progress: `${second} of 999 key shares`,
        });
      if (second % 6 === 0) {
        const id = `G${second}`;
        asked.set(id, world.time.clock.now());
        world.runs.append(id, started(id), ...gateOpened());
      }
      await world.time.pass(1000);
    }

    const waits = [...asked].map(([id, at]) => {
      const shown = world.calls.find(
        ({ method, about }) => method === "post" && about === KEYS.gate(id, "step_down.1"),
      );
      return (shown?.at ?? Number.POSITIVE_INFINITY) - at;
    });
    expect(waits).toHaveLength(20);
    expect(Math.max(...waits)).toBeLessThanOrEqual(2000);
    expect(world.slack.calls().some(({ error }) => error === "ratelimited")).toBe(true);
    // 40 messages changed 120 times each.
    expect(mostWithin(world.calls, "update", MINUTE)).toBeLessThanOrEqual(40);
    expect(world.calls.slice(before).filter(({ method }) => method === "update").length).toBeLessThan(40);

    world.slack.tighten("chat.update", { perMinute: 50, burst: 50 });
    await world.idle();
    for (const id of RUNS)
      expect(textOf(world.slack.messages().find(byKey(`run:${id}/manual:unseal:1`)))).toContain(
        "120 of 999 key shares",
      );
    expect(mostWithin(world.calls, "update", MINUTE)).toBeLessThanOrEqual(40);
  }, 60_000);
});
