import express from "express";
import { describe, expect, it } from "@jest/globals";
import { startHttpServer } from "../../../src/http/server.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { createLateHandler } from "../../../src/slack/transport/late-handler.ts";
import { startSlackBot } from "../../../src/slack/app.ts";
import { openWorld } from "../world.ts";

const SIGNING_SECRET = new Secret("stand-in signing secret");

describe("the bot behind the program's server", () => {
  it("answers 503 while it starts, then proves the address and answers people, over signed requests alone", async () => {
    await using world = await openWorld({}, { sameTime: true });
    await world.bot.stop();
    const late = createLateHandler();
    const router = express.Router();
    router.post("/slack/events", (request, response) => void late.handle(request, response));
    const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router] });
    world.slack.http(`${server.address}/slack/events`);
    expect(await world.slack.verifyUrl()).toBe(false);
    const { config } = world.options;
    const bot = await startSlackBot({
      ...world.options,
      config: { ...config, mode: "http", signingSecret: SIGNING_SECRET },
    });
    late.become(bot.handle ?? late.handle);
    expect(await world.slack.verifyUrl()).toBe(true);
    expect(await world.slack.as("U0ALICE").slash("/vault", "help")).toEqual({ outcome: "acked", payload: {} });
    await world.slack.waitForEphemeral("U0ALICE", () => true);
    expect(world.slack.connections()).toBe(0);
    await bot.stop();
    expect(await world.slack.as("U0ALICE").slash("/vault", "help")).toEqual({ outcome: "dispatch_failed" });
    await server.close();
  });
});
