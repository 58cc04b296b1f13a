import { describe, expect, it } from "@jest/globals";
import { openRunbook, openRunbookForm } from "../../../src/slack/buttons/open-runbook.ts";
import { alertId } from "../../../src/slack/sha256.ts";
import type { Actor } from "../../../src/access/person.ts";
import { alertGroup, GROUP_KEY, gateOpened, runbook, started } from "../timeline.ts";
import { fakeBot, type FakeBot } from "./fake-bot.ts";

const VALUE = `alert:${await alertId(GROUP_KEY)}`;

/** The alert fires; with `needs` its labels lack what the runbook needs. */
async function fires(needs = false, role: Actor["role"] = "responder"): Promise<FakeBot> {
  const match = () => ({ runbook: runbook.id, inputs: { cluster: "prod" } });
  const world = fakeBot(needs ? { match } : {}, role);
  await world.alerts.put(alertGroup());
  world.runs.answerStart = () => ({ ok: true, runId: "R9" });
  return world;
}

describe("opening the runbook of an alert", () => {
  it("starts it with what the labels give, in the alert's name", async () => {
    const world = await fires();
    expect(await openRunbook(world.bot, world.click(VALUE))).toBeUndefined();
    expect(world.runs.started).toEqual([
      {
        runbook: "sealed-node",
        inputs: { cluster: "prod", node: "vault-2" },
        by: expect.objectContaining({ id: "bob" }),
        origin: { surface: "slack", alertGroup: GROUP_KEY },
      },
    ]);
  });

  it("names the run that is open already, and starts no second one", async () => {
    const world = await fires();
    world.runs.append("R1", started("R1", { surface: "slack", alertGroup: GROUP_KEY }), ...gateOpened());
    expect(await openRunbook(world.bot, world.click(VALUE))).toContain("It is open already: started by alice");
    expect(world.runs.started).toEqual([]);
  });

  it.each([
    { name: "is resolved", put: alertGroup("resolved"), says: "This alert is resolved.", counted: "stale" },
    {
      name: "is not known",
      put: alertGroup("firing", { key: "another" }),
      says: "This alert is not known any more.",
      counted: "unknown_action",
    },
  ])("says that the alert $name, and counts it", async ({ put, says, counted }) => {
    const world = fakeBot();
    await world.alerts.put(put);
    expect(await openRunbook(world.bot, world.click(VALUE))).toContain(says);
    await openRunbookForm(world.bot, world.click(VALUE));
    expect(world.shown()).toContain(says);
    expect(world.refusals).toEqual([counted, counted]);
  });

  it("says that no runbook answers it", async () => {
    const world = fakeBot({ match: () => undefined });
    await world.alerts.put(alertGroup());
    expect(await openRunbook(world.bot, world.click(VALUE))).toContain("No runbook answers this alert.");
  });

  it("gives the run service's words when it says no", async () => {
    const world = await fires();
    world.runs.answerStart = () => ({ ok: false, why: "bob may not", code: "role" });
    expect(await openRunbook(world.bot, world.click(VALUE))).toBe("bob may not");
  });
});

describe("the form of an alert's runbook", () => {
  it("opens before anything is read, and asks only for what the labels do not give", async () => {
    const world = await fires(true);
    expect(await openRunbookForm(world.bot, world.click(VALUE))).toBeUndefined();
    expect(world.order[0]).toBe("open");
    expect(world.shown()).toContain("sealwatch.input.node");
    expect(world.shown()).not.toContain("sealwatch.input.cluster");
    expect(world.runs.started).toEqual([]);
  });

  it("says in it that the runbook is open already", async () => {
    const world = await fires(true);
    world.runs.append("R1", started("R1", { surface: "slack", alertGroup: GROUP_KEY }), ...gateOpened());
    await openRunbookForm(world.bot, world.click(VALUE));
    expect(world.shown()).toContain("It is open already: started by alice");
    expect(world.form()).toBeUndefined();
  });

  it("starts the run when nothing is missing any more, and says so", async () => {
    const world = await fires();
    await openRunbookForm(world.bot, world.click(VALUE));
    expect(world.shown()).toContain("Started run `R9`");
  });

  it("opens another runbook of the alert by its own button", async () => {
    const other = { ...runbook, id: "kms-gone", title: "The KMS is gone" };
    const catalog = () => new Map([runbook, other].map((held) => [held.id, { runbook: held }] as const));
    const world = fakeBot({ catalog });
    await world.alerts.put(alertGroup());
    world.runs.answerStart = () => ({ ok: true, runId: "R9" });
    await openRunbookForm(world.bot, world.click(`${VALUE}:kms-gone`));
    expect(world.runs.started).toEqual([expect.objectContaining({ runbook: "kms-gone" })]);
  });

  it("tells who may only look that they may not, and counts it", async () => {
    const world = await fires(true, "viewer");
    await openRunbookForm(world.bot, world.click(VALUE));
    expect(world.shown()).toContain("You need the role responder to start a runbook; you have viewer.");
    expect(world.refusals).toEqual(["role"]);
  });
});
