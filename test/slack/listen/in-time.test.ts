import { describe, expect, it } from "@jest/globals";
import { ACTIONS, BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { gateOpened, started, stuck } from "../timeline.ts";
import { recordingObserver } from "../transport/serve.ts";
import { byKey, openWorld, type World } from "../world.ts";

const isGate = byKey("run:R1/gate:step_down.1");
const isStuck = byKey("run:R1/stuck:step_down:1");
const WORKING = "Still working on it";

/** Makes the run service slow until it is let go. */
function slow(world: World): () => void {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  world.runs.answer = async () => {
    await gate;
    return { ok: false, why: "the outcome", code: "not-now" };
  };
  return () => release();
}

describe("an answer that takes longer than people wait", () => {
  it("is announced to who pressed a button, and follows", async () => {
    await using world = await openWorld({ patienceMs: 50 });
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.bot.idle();
    const release = slow(world);
    await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
    await world.slack.waitForEphemeral("U0BOB", ({ text }) => text.includes(WORKING));
    release();
    await world.slack.waitForEphemeral("U0BOB", ({ text }) => text === "the outcome");
    expect(world.slack.ephemerals("U0BOB")).toHaveLength(2);
  });

  it("is announced to who typed a command, and follows", async () => {
    await using world = await openWorld({ patienceMs: 50 });
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    world.runs.answerStart = async () => {
      await gate;
      return { ok: true, runId: "R7" };
    };
    await world.slack.as("U0ALICE").slash("/vault", "runbook sealed-node prod vault-2");
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes(WORKING));
    release();
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("R7"));
  });

  it("is announced to who submitted a form, which closes, and follows", async () => {
    await using world = await openWorld({ ackBudgetMs: 50 });
    world.runs.append("R1", started("R1"), ...stuck());
    await world.bot.idle();
    await world.slack.as("U0ALICE").click(isStuck, ACTIONS.skip);
    await world.slack.waitForView("U0ALICE", VIEWS.skip);
    await world.bot.idle();
    const release = slow(world);
    expect(await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: "x" })).toEqual({ outcome: "closed" });
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes(WORKING));
    release();
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text === "the outcome");
  });

  it("is not announced when it is there in time", async () => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.bot.idle();
    world.runs.answer = () => ({ ok: false, why: "the outcome", code: "not-now" });
    await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
    await world.bot.idle();
    expect(world.slack.ephemerals("U0BOB").map(({ text }) => text)).toEqual(["the outcome"]);
  });
});

describe("before it is known which workspace is ours", () => {
  it("nothing is done, and people are told to try again; then it is", async () => {
    const observer = recordingObserver();
    await using world = await openWorld({ observer });
    await world.bot.stop();
    world.runs.append("R1", started("R1"), ...gateOpened());
    for (let index = 0; index < 6; index++) world.slack.failNext("auth.test", { error: "invalid_auth" });
    await world.restart({ observer });
    await world.slack.waitForMessage(isGate);
    world.runs.answer = () => ({ ok: true, runId: "R1" });
    let tries = 0;
    while (world.runs.asked.length === 0 && tries < 10) {
      await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
      await world.bot.idle();
      tries += 1;
    }
    const told = world.slack.ephemerals("U0BOB").map(({ text }) => text);
    expect(told.length).toBe(tries - 1);
    expect(told.length).toBeGreaterThan(0);
    for (const text of told) expect(text).toContain("Try again in a moment");
    expect(observer.refusals).toEqual([]);
  });
});
