import { describe, expect, it } from "@jest/globals";
import type { App, ReceiverEvent } from "@slack/bolt";
import { createUnderWay } from "../../../src/slack/transport/under-way.ts";
import { VIEWS, BLOCKS, ACTIONS } from "../../../src/slack/ids.ts";
import { gateOpened, started, checked } from "../timeline.ts";
import { byKey, openWorld } from "../world.ts";

const EVENT: ReceiverEvent = { body: {}, ack: async () => await Promise.resolve() };

/** An app of which each event ends when it is told to. */
function slowApp() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Nothing but this is used of an app.
  const app = { processEvent: async () => await promise } as unknown as App;
  return { app, end: resolve, fail: reject };
}

describe("what is under way", () => {
  it("is over when everything that was delivered is handled", async () => {
    const { app, end } = slowApp();
    const { watched, over } = createUnderWay();
    const handled = watched(app).processEvent(EVENT);
    let isOver = false;
    const waiting = over().then(() => (isOver = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    end();
    await handled;
    await waiting;
    expect(isOver).toBe(true);
  });

  it("is over, too, when handling failed, and whoever handed it over hears of that", async () => {
    const { app, fail } = slowApp();
    const { watched, over } = createUnderWay();
    const handled = watched(app).processEvent(EVENT);
    fail(new Error("broken"));
    await expect(handled).rejects.toThrow("broken");
    await over();
  });
});

describe("a bot that stops", () => {
  it("still answers the form that somebody sent in that moment", async () => {
    await using world = await openWorld();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.runs.answer = async () => {
      await promise;
      return { ok: true, runId: "R1" };
    };
    world.runs.append("R1", started("R1"), ...checked(), ...gateOpened());
    await world.bot.idle();
    const gate = world.slack.messages().find(byKey("run:R1/gate:step_down.1"));
    const bob = world.slack.as("U0BOB");
    await bob.click(gate ?? "", ACTIONS.reject);
    await world.bot.idle();
    const sent = bob.submit(VIEWS.rejectGate, { [BLOCKS.reason]: "not now" });
    await new Promise((done) => setImmediate(done));
    const stopped = world.bot.stop();
    await new Promise((done) => setImmediate(done));
    resolve();
    expect(await sent).toEqual({ outcome: "closed" });
    await stopped;
  });
});
