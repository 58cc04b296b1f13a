import { describe, expect, it } from "@jest/globals";
import { Secret } from "../../../src/lib/secret.ts";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { deafObserver } from "../../../src/slack/observer.ts";
import { started } from "../timeline.ts";
import { byKey, openWorld, until, USER_TOKEN, type World } from "../world.ts";

const SHARE = "Zk3vQ1c9xT7bLr0aYpW5uEoN8dHsJ2mG4iKfXtVqBzRw";

/** Everything that the bot sent, stored or logged, but not what the person wrote. */
function everythingOf({ slack, messages, runs, logs }: World): string {
  const sent = slack.payloads().map(({ body }) => body);
  return JSON.stringify([sent, [...messages.all.values()], runs.asked, logs]);
}

async function openRun(world: World): Promise<string> {
  world.runs.answer = ({ runId }) => ({ ok: true, runId });
  world.runs.append("R1", started("R1"));
  const card = await world.slack.waitForMessage(byKey("run:R1/card"));
  await world.bot.idle();
  return card.ts;
}

describe("a secret that a person pastes into a run's thread", () => {
  it("is answered to its author alone, noted in the run without a word of it, and counted", async () => {
    const refused: string[] = [];
    const observer = { ...deafObserver, refused: (reason: string) => void refused.push(reason) };
    await using world = await openWorld({ observer });
    const threadTs = await openRun(world);
    await world.slack.as("U0ALICE").say(`mine is ${SHARE}`, { threadTs });
    const told = await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("key share"));
    await until(() => world.runs.asked.length > 0);
    expect(told.threadTs).toBe(threadTs);
    expect(world.runs.asked).toMatchObject([{ type: "note", runId: "R1" }]);
    expect(refused).toEqual(["secret"]);
    expect(world.slack.ephemerals("U0BOB")).toEqual([]);
    expect(everythingOf(world)).not.toContain(SHARE.slice(0, 12));
  });

  it("is answered once, though Slack delivers it twice", async () => {
    await using world = await openWorld();
    const threadTs = await openRun(world);
    world.slack.deliverTwice(true);
    await world.slack.as("U0ALICE").say(SHARE, { threadTs });
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("key share"));
    await world.bot.idle();
    expect(world.slack.ephemerals("U0ALICE")).toHaveLength(1);
  });

  it("is found in an edit", async () => {
    await using world = await openWorld();
    const threadTs = await openRun(world);
    const ts = await world.slack.as("U0ALICE").say("my share follows", { threadTs });
    await world.slack.as("U0ALICE").edit(ts, SHARE);
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("key share"));
  });

  it("is deleted when its author presses the button", async () => {
    await using world = await openWorld();
    await world.restart({ config: { ...world.options.config, deletionToken: new Secret(USER_TOKEN) } });
    const threadTs = await openRun(world);
    const ts = await world.slack.as("U0ALICE").say(SHARE, { threadTs });
    const told = await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("key share"));
    await world.slack.as("U0ALICE").click(told.ts, ACTIONS.deleteMessage);
    await until(() => world.slack.deleted().length > 0);
    expect(world.slack.deleted()).toMatchObject([{ ts }]);
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("is deleted"));
  });
});
