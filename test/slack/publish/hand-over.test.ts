import { describe, expect, it } from "@jest/globals";
import { checked, gateOpened, started } from "../timeline.ts";
import { byKey, until } from "../world.ts";
import { mortal } from "./mortal.ts";
import { keysOf, openPress, untilSender } from "./press.ts";

const POSTED = ["run:R1/card", "run:R1/step:seal:1", "run:R1/gate:step_down.1"];

describe("two replicas", () => {
  it("send each message once: one holds the lock, the other waits", async () => {
    await using world = await openPress();
    const other = world.another();
    other.start();
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await world.idle();
    await world.time.pass(30_000);
    expect(keysOf(world.slack)).toEqual(POSTED);
    expect([(await world.publisher.status()).isSender, (await other.status()).isSender]).toEqual([true, false]);
    await other.stop();
  });

  it("hand over at once when the one that sends is stopped in an orderly way", async () => {
    await using world = await openPress();
    const other = world.another();
    other.start();
    await world.publisher.stop();
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    const from = world.time.clock.now();
    // The other asks each second.
    await world.time.pass(1000);
    await other.idle();
    expect(keysOf(world.slack)).toEqual(POSTED);
    expect(world.time.clock.now() - from).toBeLessThanOrEqual(1000);
    await other.stop();
  });

  it("hand over within six seconds when the one that sends dies, and what it may have posted is looked up", async () => {
    await using world = await openPress({ still: true });
    const first = mortal(world, Number.POSITIVE_INFINITY, false);
    const dying = world.another(first.reach);
    dying.start();
    await untilSender(dying);
    world.publisher.start();
    // Slack takes the post, and nobody hears of it.
    world.slack.failNext("chat.postMessage", "drop-after-effect");
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await until(() => world.slack.messages().length === 1);
    first.kill();
    await world.time.pass(6000);
    await world.idle();
    expect(keysOf(world.slack).toSorted()).toEqual(POSTED.toSorted());
    expect(world.calls.some(({ method }) => method === "findKeys")).toBe(true);
  });

  it("do not both send when the one that sends cannot renew its lock: it stops before the other may begin", async () => {
    await using world = await openPress({ still: true });
    const first = mortal(world, Number.POSITIVE_INFINITY, false);
    const cutOff = world.another(first.reach);
    cutOff.start();
    await untilSender(cutOff);
    first.lockAnswers(false);
    await world.time.pass(5001);
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await world.time.pass(5000);
    // Nobody else is there, and still it sends nothing.
    expect(world.slack.messages()).toEqual([]);
    world.publisher.start();
    await world.time.pass(1000);
    await world.idle();
    expect(keysOf(world.slack)).toEqual(POSTED);
    first.kill();
  });

  it("do not both send when the one that sends was stopped for a while and wakes up: it reads its clock first", async () => {
    await using world = await openPress({ still: true });
    // Its timers stand still, as those of a stopped process do.
    const stopped = world.another({ timers: { after: () => () => {} } });
    stopped.start();
    await untilSender(stopped);
    await world.time.pass(5001);
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await world.time.pass(5000);
    expect(world.slack.messages()).toEqual([]);
    world.publisher.start();
    await untilSender(world.publisher);
    await world.idle();
    expect(keysOf(world.slack)).toEqual(POSTED);
    await stopped.stop();
  });

  it("show what another replica changed within a second", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"));
    await world.idle();
    // A store that tells nobody: the change is found when the outbox is read.
    const silent = world.another({
      runs: { ...world.runs, subscribe: () => () => {} },
      outbox: { ...world.outbox, watch: () => () => {} },
    });
    await world.publisher.stop();
    silent.start();
    await world.time.pass(1000);
    await untilSender(silent);
    world.runs.append("R1", ...checked());
    await world.time.pass(1000);
    await until(() => world.slack.messages().some(byKey("run:R1/step:seal:1")));
    await silent.stop();
  });

  it("leave what is due to whoever comes next when they stop: nothing is lost by a restart", async () => {
    await using world = await openPress();
    world.slack.down();
    world.runs.append("R1", started("R1"), ...checked());
    await world.time.pass(20_000);
    await world.publisher.stop();
    expect((await world.publisher.status()).depth).toBe(1);
    world.slack.up();
    await world.restart();
    await world.idle();
    expect(keysOf(world.slack)).toEqual(POSTED.slice(0, 2));
  });
});
