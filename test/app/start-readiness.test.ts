import { describe, expect, it } from "@jest/globals";
import { createReadiness } from "../../src/app/start-readiness.ts";
import type { Config } from "../../src/config/schema.ts";
import type { SlackBot } from "../../src/slack/app.ts";

const WAITS = { ready: false, why: "Slack is not connected yet" };
const READY = { ready: true };
// Nothing of it is read.
const slack = {} as NonNullable<Config["slack"]>;

/** A program that starts: its readiness, with Slack's state and the time in the test's hands. */
function starting(config: Pick<Config, "slack">) {
  const world: { now: number; state: ReturnType<SlackBot["state"]> | undefined } = { now: 0, state: undefined };
  const ready = createReadiness({
    config,
    bot: () => {
      const { state } = world;
      return state === undefined ? undefined : { state: () => state };
    },
    clock: { now: () => world.now },
  });
  return { world, ready };
}

describe("readiness", () => {
  it("is there at once without Slack", () => {
    expect(starting({ slack: undefined }).ready()).toEqual(READY);
  });

  it("waits for Slack's first connection, so that a rolling update always leaves one that Slack can reach", () => {
    const { world, ready } = starting({ slack });
    expect(ready()).toEqual(WAITS);
    world.state = "connecting";
    expect(ready()).toEqual(WAITS);
    world.state = "connected";
    expect(ready()).toEqual(READY);
  });

  it("waits no longer than ten seconds: the exporter works without Slack", () => {
    const { world, ready } = starting({ slack });
    world.now = 9_999;
    expect(ready()).toEqual(WAITS);
    world.now = 10_000;
    expect(ready()).toEqual(READY);
  });

  it("never goes away again, whatever Slack does", () => {
    const { world, ready } = starting({ slack });
    world.state = "connected";
    ready();
    world.state = "connecting";
    expect(ready()).toEqual(READY);
  });
});
