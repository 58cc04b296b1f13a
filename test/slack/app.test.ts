import { describe, expect, it } from "@jest/globals";
import { startSlackBot } from "../../src/slack/app.ts";
import { alertGroup, started } from "./timeline.ts";
import { openWorld, until, type World } from "./world.ts";

describe("starting the bot", () => {
  it.each([
    {
      name: "the Web API takes calls and never answers",
      hush: ({ slack }: World): void => slack.failNext("apps.connections.open", "silent"),
    },
    { name: "the WebSocket host takes connections and never answers", hush: ({ slack }: World): void => slack.mute() },
  ])("waits for nothing from slack when $name", async ({ hush }) => {
    await using world = await openWorld();
    await world.bot.stop();
    hush(world);
    const logged = world.logs.length;
    world.bot = await startSlackBot(world.options);
    expect(world.bot.state()).toBe("connecting");
    expect(world.logs.slice(logged)).toEqual([]);
  });

  it("connects in the background when slack speaks again, and says what was to be said", async () => {
    await using world = await openWorld({ connectMs: 200 });
    await world.bot.stop();
    world.runs.append("R1", started("R1"));
    world.slack.mute();
    world.bot = await startSlackBot(world.options);
    await until(() => world.logs.some((line) => line.includes("no connection in time")));
    world.slack.unmute();
    await until(() => world.bot.state() === "connected");
    await world.bot.idle();
    expect(world.slack.messages()).toHaveLength(1);
  });

  it("does not fail when the outbox cannot be read: it says everything later", async () => {
    await using world = await openWorld();
    await world.bot.stop();
    await world.alerts.put(alertGroup());
    world.runs.append("R1", started("R1"));
    let failures = 2;
    const { outbox } = world.options;
    const due: typeof outbox.due = async (at, limit) => {
      if (failures-- > 0) throw new Error("the store is away");
      return await outbox.due(at, limit);
    };
    await world.restart({ outbox: { ...outbox, due } });
    await world.bot.idle();
    expect(world.slack.messages()).toHaveLength(2);
    expect(world.logs.filter((line) => line.includes("cannot read what slack should show"))).toHaveLength(2);
  });

  it("says everything else when one run cannot be read", async () => {
    await using world = await openWorld();
    await world.bot.stop();
    await world.alerts.put(alertGroup());
    const { key } = alertGroup();
    world.runs.append("R1", started("R1", { surface: "cli", alertGroup: key }));
    world.runs.append("R2", started("R2", { surface: "cli", alertGroup: key }));
    let damaged = true;
    const get: typeof world.runs.get = async (runId) => {
      if (damaged && runId === "R1") throw new Error("event 3 is damaged");
      return await world.runs.get(runId);
    };
    await world.restart({ runs: { ...world.runs, get } });
    await until(() => world.messages.all.get("run:R2/card")?.ts !== undefined);
    expect(world.slack.messages()).toHaveLength(2);
    damaged = false;
    await world.bot.idle();
    expect(world.slack.messages()).toHaveLength(3);
  });
});

describe("a bot without a secret that its mode needs", () => {
  it.each([
    { mode: "socket", missing: "slack.appToken" },
    { mode: "http", missing: "slack.signingSecret" },
  ] as const)("is not started: $mode", async ({ mode, missing }) => {
    await using world = await openWorld();
    const { botToken, channel, apiUrl } = world.options.config;
    const starting = startSlackBot({ ...world.options, config: { mode, botToken, channel, apiUrl } });
    await expect(starting).rejects.toMatchObject({ reason: "refused", message: expect.stringContaining(missing) });
  });
});
