import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import type { Answer } from "../../../src/runbook/schema.ts";
import { asked, gateOpened, lockedOut, started, T0, unknown } from "../timeline.ts";
import { byKey, openWorld, type World } from "../world.ts";

const isGate = byKey("run:R1/gate:step_down.1");
const isQuestion = byKey("run:R1/asking:step_down:1");
const isUnknown = byKey("run:R1/unknown:step_down:R1/step_down/1");

async function show(world: World, events: readonly RunEvent[]): Promise<void> {
  world.runs.append("R1", started("R1"), ...events);
  await world.bot.idle();
}

async function click(world: World, who: string, message: typeof isGate, action: string): Promise<void> {
  await world.slack.as(who).click(message, action);
  await world.bot.idle();
}

describe("answering a question", () => {
  const cases: readonly { name: string; answer: Answer; has: string }[] = [
    { name: "a list of options", answer: { type: "enum", options: ["dark", "lit"] }, has: '"value":"lit"' },
    { name: "yes or no", answer: { type: "bool" }, has: '"value":"yes"' },
    { name: "the cluster's nodes", answer: { type: "node" }, has: '"value":"vault-1"' },
    {
      name: "a field for a number, with its bounds",
      answer: { type: "int", min: 1, max: 5 },
      has: "a whole number from 1 to 5",
    },
  ];

  it.each(cases)("shows $name", async ({ answer, has }) => {
    await using world = await openWorld();
    await show(world, asked(answer));
    await click(world, "U0ALICE", isQuestion, ACTIONS.answer);
    expect(JSON.stringify(world.slack.views("U0ALICE")[0]?.view)).toContain(has);
  });

  it("passes on what was chosen, and stays with the run service's words when that does not fit", async () => {
    await using world = await openWorld();
    await show(world, asked());
    await click(world, "U0ALICE", isQuestion, ACTIONS.answer);
    const alice = world.slack.as("U0ALICE");
    world.runs.answer = () => ({ ok: false, why: "the answer does not fit", code: "answer" });
    expect(await alice.submit(VIEWS.answer, { [BLOCKS.answer]: "lit" })).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.answer]: "the answer does not fit" },
    });
    world.runs.answer = ({ runId }) => ({ ok: true, runId });
    expect(await alice.submit(VIEWS.answer, { [BLOCKS.answer]: "lit" })).toEqual({ outcome: "closed" });
    expect(world.runs.asked.at(-1)).toMatchObject({ type: "answer", runId: "R1", step: "step_down", value: "lit" });
  });

  it("takes no key share for an answer", async () => {
    await using world = await openWorld();
    await show(world, asked({ type: "string" }));
    await click(world, "U0ALICE", isQuestion, ACTIONS.answer);
    const outcome = await world.slack.as("U0ALICE").submit(VIEWS.answer, { [BLOCKS.answer]: "9f".repeat(33) });
    expect(outcome).toMatchObject({ outcome: "errors" });
    expect(world.runs.asked).toEqual([]);
  });

  it("says that the question is gone when the run moved on", async () => {
    await using world = await openWorld();
    await show(world, asked());
    const screen = world.slack.messages().find(isQuestion);
    world.runs.append("R1", {
      type: "StepSucceeded",
      at: T0 + 9000,
      step: "step_down",
      result: { answer: "lit" },
      text: "bob answered: lit",
      by: { id: "bob", name: "bob" },
    });
    await world.bot.idle();
    await world.slack.as("U0ALICE").click(screen ?? "", ACTIONS.answer);
    await world.bot.idle();
    expect(JSON.stringify(world.slack.views("U0ALICE").at(-1)?.view)).toContain("answered already");
    expect(world.slack.messages().find(isQuestion)?.text).toContain("Question, closed:");
  });
});

describe("a call whose outcome is unknown", () => {
  it("is asked for again only with a reason", async () => {
    await using world = await openWorld();
    await show(world, unknown());
    await click(world, "U0BOB", isUnknown, ACTIONS.retryUnknown);
    expect(world.runs.asked).toEqual([]);
    world.runs.answer = ({ runId }) => ({ ok: true, runId });
    expect(await world.slack.as("U0BOB").submit(VIEWS.retry, { [BLOCKS.reason]: "the old leader leads" })).toEqual({
      outcome: "closed",
    });
    expect(world.runs.asked).toEqual([
      expect.objectContaining({ type: "retry", runId: "R1", step: "step_down", reason: "the old leader leads" }),
    ]);
  });
});

describe("going past a gate alone", () => {
  it("takes a reason and the cluster's name, bound to the plan that was shown", async () => {
    await using world = await openWorld({ breakGlass: () => true });
    await show(world, gateOpened());
    await click(world, "U0BOB", isGate, ACTIONS.breakGlass);
    const bob = world.slack.as("U0BOB");
    world.runs.answer = () => ({ ok: false, why: "type the cluster's name exactly: prod", code: "phrase" });
    expect(await bob.submit(VIEWS.breakGlass, { [BLOCKS.reason]: "nobody is awake", [BLOCKS.phrase]: "prd" })).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.phrase]: "type the cluster's name exactly: prod" },
    });
    world.runs.answer = ({ runId }) => ({ ok: true, runId });
    await bob.submit(VIEWS.breakGlass, { [BLOCKS.reason]: "nobody is awake", [BLOCKS.phrase]: "prod" });
    expect(world.runs.asked.at(-1)).toMatchObject({
      type: "approve",
      gateId: "step_down.1",
      phrase: "prod",
      planHash: "cd".repeat(32),
      breakGlass: { reason: "nobody is awake" },
    });
  });

  it("is not offered where the configuration does not allow it", async () => {
    await using world = await openWorld();
    await show(world, gateOpened());
    expect(JSON.stringify(world.slack.messages().find(isGate)?.blocks)).not.toContain(ACTIONS.breakGlass);
  });
});

describe("the card", () => {
  it("lets a person take charge of the run", async () => {
    await using world = await openWorld();
    await show(world, lockedOut());
    await click(world, "U0BOB", byKey("run:R1/card"), ACTIONS.takeOver);
    expect(world.runs.asked).toEqual([
      expect.objectContaining({ type: "assign", runId: "R1", to: { id: "bob", name: "bob" } }),
    ]);
  });
});

describe("starting by a command", () => {
  it.each([
    { text: "runbook sealed-node prod vault-2 --dry-run", how: { dryRun: true }, says: "Started dry run" },
    { text: "runbook sealed-node prod vault-2 —drill", how: { drill: true }, says: "Started drill" },
  ])("takes $text", async ({ text, how, says }) => {
    await using world = await openWorld();
    world.runs.answerStart = () => ({ ok: true, runId: "R1" });
    await world.slack.as("U0ALICE").slash("/vault", text);
    expect((await world.slack.waitForEphemeral("U0ALICE", () => true)).text).toContain(says);
    expect(world.runs.started).toEqual([
      {
        runbook: "sealed-node",
        inputs: { cluster: "prod", node: "vault-2" },
        by: expect.anything(),
        origin: { surface: "slack" },
        ...how,
      },
    ]);
  });

  it("keeps in the form how it is to be started", async () => {
    await using world = await openWorld();
    world.runs.answerStart = () => ({ ok: true, runId: "R1" });
    await world.slack.as("U0ALICE").slash("/vault", "runbook sealed-node --dry-run");
    await world.bot.idle();
    await world.slack.as("U0ALICE").submit(VIEWS.startRun, {
      [BLOCKS.runInput("cluster")]: "prod",
      [BLOCKS.runInput("node")]: "vault-2",
    });
    await world.bot.idle();
    expect(world.runs.started).toEqual([expect.objectContaining({ dryRun: true })]);
  });

  it("names the flag that was meant", async () => {
    await using world = await openWorld();
    await world.slack.as("U0ALICE").slash("/vault", "runbook sealed-node prod vault-2 --dryrun");
    const { text } = await world.slack.waitForEphemeral("U0ALICE", () => true);
    expect(text).toContain("There is no `--dryrun`");
    expect(world.runs.started).toEqual([]);
  });
});
