import { describe, expect, it } from "@jest/globals";
import { FailureError } from "../../../src/lib/failure.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { gateOpened, started, stuck } from "../timeline.ts";
import { recordingObserver } from "../transport/serve.ts";
import { byKey, openWorld, type World } from "../world.ts";

const isGate = byKey("run:R1/gate:step_down.1");
const isStuck = byKey("run:R1/stuck:step_down:1");

async function withGate(world: World): Promise<void> {
  world.runs.append("R1", started("R1"), ...gateOpened());
  await world.bot.idle();
}

describe("what slack delivers twice", () => {
  it("counts once when it is a click, and the person is told once", async () => {
    const observer = recordingObserver();
    await using world = await openWorld({ observer });
    await withGate(world);
    world.runs.answer = () => ({ ok: false, why: "not now", code: "not-now" });
    world.slack.deliverTwice(true);
    await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
    await world.bot.idle();
    expect(world.runs.asked).toHaveLength(1);
    expect(world.slack.ephemerals("U0BOB").map(({ text }) => text)).toEqual(["not now"]);
    expect(observer.refusals.toSorted()).toEqual(["replayed", "stale"]);
  });

  it("counts once when it is a command that starts a run", async () => {
    await using world = await openWorld();
    world.runs.answerStart = () => ({ ok: true, runId: "R7" });
    world.slack.deliverTwice(true);
    await world.slack.as("U0ALICE").slash("/vault", "runbook sealed-node prod vault-2");
    await world.bot.idle();
    expect(world.runs.started).toHaveLength(1);
    expect(world.slack.ephemerals("U0ALICE")).toHaveLength(1);
  });

  it("opens one form", async () => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...stuck());
    await world.bot.idle();
    world.slack.deliverTwice(true);
    await world.slack.as("U0ALICE").click(isStuck, ACTIONS.skip);
    await world.bot.idle();
    expect(world.slack.views("U0ALICE")).toHaveLength(1);
    expect(world.slack.ephemerals("U0ALICE")).toEqual([]);
  });

  it("counts once when it is a form, and what the first says stays on the screen", async () => {
    await using world = await openWorld({ ackBudgetMs: 500 });
    world.runs.append("R1", started("R1"), ...stuck());
    await world.bot.idle();
    await world.slack.as("U0ALICE").click(isStuck, ACTIONS.skip);
    await world.slack.waitForView("U0ALICE", VIEWS.skip);
    await world.bot.idle();
    world.runs.answer = () => ({ ok: false, why: "the step is done already", code: "not-now" });
    world.slack.deliverTwice(true);
    const outcome = await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: "done by hand" });
    expect(outcome).toEqual({ outcome: "errors", errors: { [BLOCKS.reason]: "the step is done already" } });
    await world.bot.idle();
    expect(world.runs.asked).toHaveLength(1);
  });

  it("counts again when the person submits a form again that stayed open", async () => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...stuck());
    await world.bot.idle();
    await world.slack.as("U0ALICE").click(isStuck, ACTIONS.skip);
    await world.slack.waitForView("U0ALICE", VIEWS.skip);
    await world.bot.idle();
    world.runs.answer = () => ({ ok: false, why: "not yet", code: "not-now" });
    await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: "done by hand" });
    world.runs.answer = () => ({ ok: true, runId: "R1" });
    const again = await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: "done by hand" });
    expect(again).toEqual({ outcome: "closed" });
    expect(world.runs.asked).toHaveLength(2);
  });

  it("counts all the same when the store cannot tell", async () => {
    const away = new FailureError({ reason: "unreachable", retryable: true, message: "the database is away" });
    await using world = await openWorld({ inbox: { first: async () => await Promise.reject(away) } });
    await withGate(world);
    world.runs.answer = () => ({ ok: true, runId: "R1" });
    await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
    await world.bot.idle();
    expect(world.runs.asked).toHaveLength(1);
    expect(world.logs.join("\n")).toContain("the database is away");
  });
});
