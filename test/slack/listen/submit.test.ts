import { describe, expect, it } from "@jest/globals";
import { ACTIONS, BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { gateOpened, started, stuck, TYPED } from "../timeline.ts";
import { recordingObserver } from "../transport/serve.ts";
import { byKey, openWorld, type World } from "../world.ts";

const isGate = byKey("run:R1/gate:step_down.1");
const isStuck = byKey("run:R1/stuck:step_down:1");

async function withTypedGate(world: World): Promise<void> {
  world.runs.append("R1", started("R1"), ...gateOpened(TYPED));
  await world.bot.idle();
  await world.slack.as("U0BOB").click(isGate, ACTIONS.confirmGate);
  await world.bot.idle();
}

async function withReason(world: World): Promise<void> {
  world.runs.append("R1", started("R1"), ...stuck());
  await world.bot.idle();
  await world.slack.as("U0ALICE").click(isStuck, ACTIONS.skip);
  await world.bot.idle();
}

describe("a gate that wants the cluster's name typed", () => {
  it("shows the call once more and asks nothing of the run service before the name is typed", async () => {
    await using world = await openWorld();
    await withTypedGate(world);
    const [view] = world.slack.views("U0BOB");
    expect(JSON.stringify(view?.view)).toContain("PUT sys/step-down on vault-0");
    expect(world.runs.asked).toEqual([]);
  });

  it("keeps the modal with the run service's words until it agrees", async () => {
    await using world = await openWorld();
    await withTypedGate(world);
    world.runs.answer = (request) => {
      const right = request.type === "approve" && request.phrase === "prod";
      return right ? { ok: true, runId: "R1" } : { ok: false, why: "type prod, exactly", code: "role" };
    };
    const bob = world.slack.as("U0BOB");
    expect(await bob.submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "prd" })).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.phrase]: "type prod, exactly" },
    });
    expect(world.slack.views("U0BOB")).toHaveLength(1);
    expect(await bob.submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "prod" })).toEqual({ outcome: "closed" });
    expect(world.slack.views("U0BOB")).toHaveLength(0);
    expect(world.runs.asked.at(-1)).toEqual({
      type: "approve",
      runId: "R1",
      gateId: "step_down.1",
      phrase: "prod",
      planHash: "cd".repeat(32),
      by: expect.objectContaining({ id: "bob" }),
    });
  });

  it("takes no key share for a name, and says to rekey", async () => {
    await using world = await openWorld();
    await withTypedGate(world);
    const outcome = await world.slack.as("U0BOB").submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "9f".repeat(33) });
    expect(outcome).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.phrase]: expect.stringContaining("rekey the cluster") },
    });
    expect(world.runs.asked).toEqual([]);
    expect(`${world.logs.join("\n")}${JSON.stringify(world.slack.payloads())}`).not.toContain("9f9f9f9f");
  });

  it("closes in time and answers by a message when the run service is slow", async () => {
    await using world = await openWorld({ ackBudgetMs: 1 });
    await withTypedGate(world);
    let release = (): void => {};
    const slow = new Promise<void>((resolve) => (release = resolve));
    world.runs.answer = async () => {
      await slow;
      return { ok: false, why: "two people must agree", code: "role" };
    };
    expect(await world.slack.as("U0BOB").submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "prod" })).toEqual({
      outcome: "closed",
    });
    release();
    const answer = await world.slack.waitForEphemeral("U0BOB", ({ text }) => text === "two people must agree");
    expect(answer.threadTs).toBe(world.slack.messages()[0]?.ts);
  });

  it("says under the field that something failed", async () => {
    await using world = await openWorld();
    await withTypedGate(world);
    world.runs.answer = () => {
      throw new Error("database is locked");
    };
    const outcome = await world.slack.as("U0BOB").submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "prod" });
    expect(outcome).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.phrase]: expect.stringContaining("Something failed here") },
    });
  });
});

describe("a question for a reason", () => {
  it("sends the reason to the run service", async () => {
    await using world = await openWorld();
    await withReason(world);
    world.runs.answer = ({ runId }) => ({ ok: true, runId });
    expect(await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: "done by hand" })).toEqual({
      outcome: "closed",
    });
    expect(world.runs.asked).toEqual([
      {
        type: "skip",
        runId: "R1",
        step: "step_down",
        reason: "done by hand",
        by: expect.objectContaining({ id: "alice" }),
      },
    ]);
  });

  it("wants one", async () => {
    await using world = await openWorld();
    await withReason(world);
    expect(await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: "   " })).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.reason]: expect.stringContaining("Give a reason") },
    });
    expect(world.runs.asked).toEqual([]);
  });

  it("takes no token for a reason, and says to revoke it", async () => {
    await using world = await openWorld();
    await withReason(world);
    const token = `hvs.${"canary".repeat(5)}`;
    const outcome = await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: `because ${token}` });
    expect(outcome).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.reason]: expect.stringContaining("revoke it by its accessor") },
    });
    expect(`${world.logs.join("\n")}${JSON.stringify(world.slack.payloads())}`).not.toContain("canarycanary");
  });

  it("counts a pasted secret once", async () => {
    const observer = recordingObserver();
    await using world = await openWorld({ observer });
    await withReason(world);
    await world.slack.as("U0ALICE").submit(VIEWS.skip, { [BLOCKS.reason]: `because hvs.${"canary".repeat(5)}` });
    expect(observer.refusals).toEqual(["secret"]);
  });

  it.each([
    { action: ACTIONS.abort, view: VIEWS.abort, type: "abort" },
    { action: ACTIONS.skip, view: VIEWS.skip, type: "skip" },
  ])("ends in $type", async ({ action, view, type }) => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...stuck());
    await world.bot.idle();
    await world.slack.as("U0ALICE").click(isStuck, action);
    await world.bot.idle();
    await world.slack.as("U0ALICE").submit(view, { [BLOCKS.reason]: "enough" });
    expect(world.runs.asked).toEqual([expect.objectContaining({ type, runId: "R1", reason: "enough" })]);
  });

  it("rejects a gate", async () => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.bot.idle();
    await world.slack.as("U0BOB").click(isGate, ACTIONS.reject);
    await world.bot.idle();
    world.runs.answer = () => ({ ok: false, why: "it expired meanwhile", code: "role" });
    expect(await world.slack.as("U0BOB").submit(VIEWS.rejectGate, { [BLOCKS.reason]: "not at noon" })).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.reason]: "it expired meanwhile" },
    });
    expect(world.runs.asked).toEqual([
      expect.objectContaining({ type: "reject", runId: "R1", gateId: "step_down.1", reason: "not at noon" }),
    ]);
  });
});
