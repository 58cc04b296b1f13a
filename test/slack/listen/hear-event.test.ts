import { describe, expect, it } from "@jest/globals";
import { recordingObserver } from "../transport/serve.ts";
import { CHANNEL, openWorld, type World } from "../world.ts";

const home = { type: "app_home_opened", user: "U0ALICE", tab: "home", channel: "D1", event_ts: "1.1" };

async function subjects({ options }: World): Promise<readonly string[]> {
  return (await options.outbox.due(Number.MAX_SAFE_INTEGER, 100)).map(({ subject }) => subject);
}

describe("events", () => {
  it("of a person who opens their Home make it true", async () => {
    await using world = await openWorld();
    await world.slack.event(home);
    await world.slack.waitForHome("U0ALICE", () => true);
  });

  it("of another tab, and those that nobody asked for, do nothing", async () => {
    await using world = await openWorld();
    for (const event of [{ ...home, tab: "messages" }, { type: "team_join", user: { id: "U1" } }, { type: "made_up" }])
      await world.slack.event(event);
    await world.bot.idle();
    expect(await subjects(world)).toEqual([]);
    expect(world.logs.filter((line) => /^(?:warn|error)/u.test(line))).toEqual([]);
  });

  it.each(["subteam_members_changed", "subteam_updated"])("%s: groups are asked for anew", async (type) => {
    let forgotten = 0;
    await using world = await openWorld({ forgetGroups: () => void (forgotten += 1) });
    await world.slack.event({ type, subteam_id: "S1", team_id: "T0STANDIN" });
    await world.bot.idle();
    expect(forgotten).toBe(1);
  });

  it("with a secret in them warn its author once, however often and under whatever id they come", async () => {
    const observer = recordingObserver();
    await using world = await openWorld({ observer });
    const token = `hvs.${"Canary7".repeat(5)}`;
    const message = {
      type: "message",
      channel: CHANNEL,
      user: "U0ALICE",
      text: `use ${token}`,
      ts: "5.5",
      event_ts: "5.5",
    };
    await world.slack.event(message, { eventId: "Ev1" });
    await world.slack.event(message, { eventId: "Ev1" });
    await world.slack.event(message, { eventId: "Ev2" });
    await world.bot.idle();
    expect(world.slack.ephemerals("U0ALICE")).toHaveLength(1);
    expect(observer.refusals).toEqual(["secret", "replayed", "replayed"]);
    expect(`${world.logs.join("\n")}${JSON.stringify(world.slack.payloads())}`).not.toContain(token);
  });

  it("of messages that no person wrote take no row in the store", async () => {
    let asked = 0;
    await using world = await openWorld({
      inbox: { first: async () => await Promise.resolve((asked += 1) > 0) },
    });
    await world.slack.event({ type: "message", channel: CHANNEL, bot_id: "B1", text: "x", ts: "5.6" });
    await world.slack.event({ type: "message", channel: CHANNEL, subtype: "channel_join", user: "U0ALICE", ts: "5.7" });
    await world.bot.idle();
    expect(asked).toBe(0);
  });
});
