import { describe, expect, it } from "@jest/globals";
import { ACTIONS } from "../../src/slack/ids.ts";
import { gateOpened, started, T0 } from "./timeline.ts";
import { byKey, openWorld, until, type World } from "./world.ts";

/** Waits until the bot has a connection again, by pressing on until a command is taken. */
async function reconnected(world: World): Promise<void> {
  let outcome = "dispatch_failed";
  while (outcome !== "acked") {
    await until(() => world.slack.connections() > 0 && world.bot.state() === "connected");
    outcome = (await world.slack.as("U0DAVE").slash("/vault", "help")).outcome;
  }
}

describe("the connection to slack", () => {
  it.each([
    {
      name: "slack asks it to (disconnect, refresh_requested)",
      end: (world: World): void => world.slack.disconnectAll(),
    },
    { name: "the connection breaks without a word", end: (world: World): void => world.slack.dropAll() },
  ])("is made again at once when $name, and nothing is lost", async ({ end }) => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.bot.idle();
    for (let round = 0; round < 3; round++) {
      end(world);
      world.runs.append("R1", { type: "Said", at: T0 + round, text: `round ${round}`, by: undefined });
      await reconnected(world);
    }
    await world.bot.idle();
    expect(
      ["round 0", "round 1", "round 2"].map(
        (text) => world.slack.messages().filter((message) => message.text.includes(text)).length,
      ),
    ).toEqual([1, 1, 1]);
    world.runs.answer = () => ({ ok: false, why: "heard", code: "role" });
    await world.slack.as("U0BOB").click(byKey("run:R1/gate:step_down.1"), ACTIONS.approve);
    await world.slack.waitForEphemeral("U0BOB", ({ text }) => text === "heard");
  });

  it("is tried again after attempts that slack never answers, however many", async () => {
    await using world = await openWorld({ connectMs: 200 });
    world.slack.mute();
    world.slack.dropAll();
    const failed = (): number => world.logs.filter((line) => line.includes("no connection in time")).length;
    await until(() => failed() >= 3);
    expect(world.bot.state()).toBe("connecting");
    world.slack.unmute();
    await reconnected(world);
    expect(world.waits).toEqual(expect.arrayContaining([500, 1000, 2000]));
  });

  it("is not needed to start: what was to be said is said when slack is back", async () => {
    await using world = await openWorld();
    await world.bot.stop();
    world.runs.append("R1", started("R1"));
    for (let index = 0; index < 3; index++) {
      world.slack.failNext("apps.connections.open", { status: 503 });
      world.slack.failNext("chat.postMessage", { status: 503 });
    }
    await world.restart();
    await world.bot.idle();
    await reconnected(world);
    expect(world.slack.messages()).toHaveLength(1);
  });

  it("tells who runs it when slack refuses the bot token", async () => {
    await using world = await openWorld();
    world.slack.failNext("auth.test", { error: "invalid_auth" });
    world.slack.dropAll();
    await reconnected(world);
    await world.slack.as("U0DAVE").slash("/vault", "help");
    await world.bot.idle();
    expect(world.logs.join("\n")).toContain("slack refuses the bot token");
  });

  it("ends when the bot is stopped, and takes nothing any more", async () => {
    await using world = await openWorld();
    await world.bot.stop();
    expect(world.bot.state()).toBe("stopped");
    expect(world.slack.connections()).toBe(0);
    expect(await world.slack.as("U0ALICE").slash("/vault", "help")).toEqual({ outcome: "dispatch_failed" });
  });
});
