import { describe, expect, it } from "@jest/globals";
import { ACTIONS } from "../../../src/slack/ids.ts";
import {
  ALERT,
  alertGroup,
  bob,
  finished,
  gateOpened,
  GROUP_KEY,
  manualBegun,
  started,
  stuck,
  T0,
} from "../timeline.ts";
import { byKey, openWorld, type World } from "../world.ts";

const isGate = byKey("run:R1/gate:step_down.1");

async function withGate(world: World): Promise<void> {
  world.runs.append("R1", started("R1"), ...gateOpened());
  await world.bot.idle();
}

describe("pressing a button", () => {
  it("asks the run service in the person's name, with the role of this moment, and shows the change", async () => {
    await using world = await openWorld();
    await withGate(world);
    world.runs.answer = ({ runId }) => {
      world.runs.append(
        "R1",
        { type: "GateVoted", at: T0 + 9000, gate: "step_down.1", by: bob },
        { type: "GateAgreed", at: T0 + 9000, gate: "step_down.1" },
      );
      return { ok: true, runId };
    };
    const delivery = await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
    await world.bot.idle();
    expect(delivery.outcome).toBe("acked");
    expect(world.runs.asked).toEqual([
      {
        type: "approve",
        runId: "R1",
        gateId: "step_down.1",
        planHash: "cd".repeat(32),
        by: { id: "bob", name: "bob", role: "approver", groups: [] },
      },
    ]);
    expect(world.slack.messages().find(isGate)?.text).toContain("Approved");
    expect(world.slack.ephemerals("U0BOB")).toEqual([]);
  });

  it.each([
    { name: "not allowed", why: "alice started this run; another approver must agree" },
    { name: "decided already", why: "bob approved this at 03:12 <!channel>" },
    { name: "expired", why: "this question expired at 03:34" },
    { name: "over", why: "this run ended: aborted" },
  ])("tells the person alone, in the thread, why not: $name", async ({ why }) => {
    await using world = await openWorld();
    await withGate(world);
    const screen = world.slack.messages().find(isGate);
    world.runs.answer = () => ({ ok: false, why, code: "role" });
    await world.slack.as("U0ALICE").click(screen ?? "", ACTIONS.approve);
    await world.bot.idle();
    const [answer, ...others] = world.slack.ephemerals("U0ALICE");
    expect(others).toEqual([]);
    expect(answer?.text).toBe(why.replace("<!channel>", "&lt;!channel&gt;"));
    expect(answer?.threadTs).toBe(screen?.threadTs);
    expect(world.slack.ephemerals("U0BOB")).toEqual([]);
  });

  it("is acked before anything is done, however long that takes", async () => {
    await using world = await openWorld();
    await withGate(world);
    let release = (): void => {};
    const slow = new Promise<void>((resolve) => (release = resolve));
    world.runs.answer = async () => {
      await slow;
      return { ok: false, why: "late, but an answer", code: "role" };
    };
    expect(await world.slack.as("U0BOB").click(isGate, ACTIONS.approve)).toEqual({ outcome: "acked", payload: {} });
    release();
    await world.slack.waitForEphemeral("U0BOB", ({ text }) => text === "late, but an answer");
  });

  it("says so when something fails that nobody foresaw, and keeps the reason to the log", async () => {
    await using world = await openWorld();
    await withGate(world);
    world.runs.answer = () => {
      throw new Error("database is locked");
    };
    await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
    const answer = await world.slack.waitForEphemeral("U0BOB", () => true);
    expect(answer.text).toContain("Something failed here");
    expect(JSON.stringify(world.slack.payloads())).not.toContain("database is locked");
    expect(world.logs.join("\n")).toContain("database is locked");
  });

  it("is answered on a message that is older than the process", async () => {
    await using world = await openWorld();
    await withGate(world);
    const screen = world.slack.messages().find(isGate);
    await world.restart();
    world.runs.append("R1", finished("aborted"));
    await world.bot.idle();
    world.runs.answer = () => ({ ok: false, why: "this run ended: aborted", code: "role" });
    await world.slack.as("U0BOB").click(screen ?? "", ACTIONS.approve);
    expect((await world.slack.waitForEphemeral("U0BOB", () => true)).text).toBe("this run ended: aborted");
  });

  it("is answered when the button is of another version", async () => {
    await using world = await openWorld();
    await withGate(world);
    const screen = world.slack.messages().find(isGate);
    if (screen === undefined) throw new Error("there is no gate");
    const button = {
      type: "button",
      action_id: "sealwatch.gone",
      text: { type: "plain_text", text: "Gone" },
      value: "x",
    };
    await world.slack
      .as("U0BOB")
      .click({ ...screen, blocks: [{ type: "actions", elements: [button] }] }, "sealwatch.gone");
    expect((await world.slack.waitForEphemeral("U0BOB", () => true)).text).toContain("another version");
  });

  it("is answered at the response address when slack refuses the usual way", async () => {
    await using world = await openWorld();
    await withGate(world);
    world.slack.failNext("chat.postEphemeral", { status: 429, retryAfter: 30 });
    world.runs.answer = () => ({ ok: false, why: "this run ended", code: "role" });
    await world.slack.as("U0BOB").click(isGate, ACTIONS.approve);
    expect((await world.slack.waitForEphemeral("U0BOB", () => true)).text).toBe("this run ended");
  });

  it.each([
    {
      name: "done by hand",
      events: manualBegun(),
      key: "run:R1/manual:unseal:1",
      action: ACTIONS.manualDone,
      request: { type: "confirm-manual", step: "unseal" },
    },
    {
      name: "again",
      events: stuck(),
      key: "run:R1/stuck:step_down:1",
      action: ACTIONS.retry,
      request: { type: "retry", step: "step_down" },
    },
  ])("asks for $name", async ({ events, key, action, request }) => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...events);
    await world.bot.idle();
    await world.slack.as("U0ALICE").click(byKey(key), action);
    await world.bot.idle();
    expect(world.runs.asked).toEqual([expect.objectContaining({ ...request, runId: "R1" })]);
  });
});

describe("opening a runbook from an alert's card", () => {
  const isCard = (message: { readonly text: string }): boolean => message.text.includes("VaultNodeSealed");

  async function withCard(world: World, change: Parameters<typeof alertGroup>[1] = {}): Promise<void> {
    await world.alerts.put(alertGroup("firing", change));
    world.bot.publishAlert(alertGroup("firing", change));
    await world.bot.idle();
  }

  it("starts it with inputs from the labels, and it opens in the card's thread", async () => {
    await using world = await openWorld();
    await withCard(world);
    world.runs.answerStart = ({ origin }) => {
      world.runs.append("R1", started("R1", origin));
      return { ok: true, runId: "R1" };
    };
    await world.slack.as("U0ALICE").click(isCard, ACTIONS.openRunbook);
    await world.bot.idle();
    expect(world.runs.started).toEqual([
      {
        runbook: "sealed-node",
        inputs: { cluster: "prod", node: "vault-2" },
        by: expect.objectContaining({ id: "alice" }),
        origin: { surface: "slack", alertGroup: GROUP_KEY },
      },
    ]);
    const [card, run] = world.slack.messages();
    expect(run?.threadTs).toBe(card?.ts);
  });

  it("tells why it does not start", async () => {
    await using world = await openWorld();
    await withCard(world);
    world.runs.answerStart = () => ({
      ok: false,
      why: "carol may look; starting needs the role responder",
      code: "role",
    });
    await world.slack.as("U0CAROL").click(isCard, ACTIONS.openRunbook);
    expect((await world.slack.waitForEphemeral("U0CAROL", () => true)).text).toContain("needs the role responder");
  });

  it("does not start a second run while one is open", async () => {
    await using world = await openWorld();
    await withCard(world);
    world.runs.append("R1", started("R1", { surface: "slack", alertGroup: GROUP_KEY }));
    await world.bot.idle();
    await world.slack.as("U0ALICE").click(isCard, ACTIONS.openRunbook);
    expect((await world.slack.waitForEphemeral("U0ALICE", () => true)).text).toContain(
      "open already: started by alice",
    );
    expect(world.runs.started).toEqual([]);
  });

  it("asks for what the labels do not give", async () => {
    await using world = await openWorld({ match: () => ({ runbook: "sealed-node", inputs: { cluster: "prod" } }) });
    await withCard(world);
    world.runs.answerStart = () => ({ ok: true, runId: "R1" });
    await world.slack.as("U0ALICE").click(isCard, ACTIONS.openRunbookForm);
    await world.bot.idle();
    expect(
      await world.slack.as("U0ALICE").submit("sealwatch.run.start", { "sealwatch.input.node": "vault-1" }),
    ).toEqual({ outcome: "closed" });
    expect(world.runs.started).toEqual([
      expect.objectContaining({
        inputs: { cluster: "prod", node: "vault-1" },
        origin: { surface: "slack", alertGroup: GROUP_KEY },
      }),
    ]);
  });

  it("is answered when the alert was resolved, or is not known any more", async () => {
    await using world = await openWorld();
    await withCard(world, { alerts: [ALERT] });
    const screen = world.slack.messages().find(isCard);
    await world.alerts.put(alertGroup("resolved"));
    await world.slack.as("U0ALICE").click(screen ?? "", ACTIONS.openRunbook);
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("is resolved"));
    world.alerts.all.clear();
    await world.slack.as("U0ALICE").click(screen ?? "", ACTIONS.openRunbook);
    await world.slack.waitForEphemeral("U0ALICE", ({ text }) => text.includes("not known any more"));
    expect(world.runs.started).toEqual([]);
  });
});
