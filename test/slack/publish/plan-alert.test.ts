import { describe, expect, it } from "@jest/globals";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { ALERT, alertGroup, finished, gateOpened, GROUP_KEY, started, T0 } from "../timeline.ts";
import { buttonsOf, textOf } from "../world.ts";
import { openPress, type Press } from "./press.ts";

async function publish(world: Press, group = alertGroup()): Promise<void> {
  await world.alerts.put(group);
  await world.idle();
}

describe("an alert group in slack", () => {
  it("is one card: what, where, since when, where to read on, and a button that opens the runbook", async () => {
    await using world = await openPress();
    await publish(world);
    const [card, ...others] = world.slack.messages();
    expect(others).toEqual([]);
    for (const part of [
      "VaultNodeSealed",
      "`prod`",
      "`vault-2`",
      "vault-2 of prod is sealed",
      "<https://sealwatch.example/runbooks/sealed-node|Runbook page>",
    ]) {
      expect(textOf(card)).toContain(part);
    }
    expect(buttonsOf(card)).toEqual([ACTIONS.openRunbook]);
  });

  it("carries an opaque id in its button, not the group's key", async () => {
    await using world = await openPress();
    await publish(world);
    expect(JSON.stringify(world.slack.messages()[0]?.blocks)).toMatch(/"value":"alert:[0-9a-f]{12}"/u);
    expect(JSON.stringify(world.slack.payloads())).not.toContain("{}/{severity");
  });

  it("is edited when the group changes, also over a restart", async () => {
    await using world = await openPress();
    await publish(world);
    await world.restart();
    await publish(world, alertGroup("resolved"));
    const [card, reply, ...others] = world.slack.messages();
    expect(others).toEqual([]);
    expect(textOf(card)).toContain("Resolved");
    expect(buttonsOf(card)).toEqual([]);
    // Who left the channel's thread open reads there that it is over.
    expect([reply?.threadTs, reply?.broadcast]).toEqual([card?.ts, false]);
    expect(reply?.text).toContain("*Resolved* after 2m");
  });

  it("takes no link that is not http", async () => {
    await using world = await openPress();
    await publish(
      world,
      alertGroup("firing", { alerts: [{ ...ALERT, annotations: { runbook_url: "javascript:alert(1)" } }] }),
    );
    expect(textOf(world.slack.messages()[0])).not.toContain("javascript");
  });

  it("says when no runbook answers it, and has no button then", async () => {
    await using world = await openPress();
    await publish(world, alertGroup("firing", { alerts: [{ ...ALERT, labels: { alertname: "SomethingElse" } }] }));
    expect(textOf(world.slack.messages()[0])).toContain("no runbook answers this alert");
    expect(buttonsOf(world.slack.messages()[0])).toEqual([]);
  });

  it("holds its runs in its thread and shows their state", async () => {
    await using world = await openPress();
    await publish(world);
    world.runs.append("R1", started("R1", { surface: "slack", alertGroup: GROUP_KEY }), ...gateOpened());
    await world.idle();
    const [card, ...thread] = world.slack.messages();
    expect(thread).toHaveLength(2);
    expect(thread.map((message) => message.threadTs)).toEqual([card?.ts, card?.ts]);
    expect(textOf(card)).toContain("waiting for approval");
  });

  it("says resolved while its run is open, and what became of the run afterwards", async () => {
    await using world = await openPress();
    await publish(world);
    world.runs.append("R1", started("R1", { surface: "slack", alertGroup: GROUP_KEY }));
    await world.idle();
    await publish(world, alertGroup("resolved"));
    expect(textOf(world.slack.messages()[0])).toContain("Resolved");
    world.runs.append("R1", finished());
    await world.idle();
    expect(textOf(world.slack.messages()[0])).toContain("vault-2 serves again.");
  });

  it("gets its card before its run when both were waiting for slack", async () => {
    await using world = await openPress();
    await world.publisher.stop();
    await world.alerts.put(alertGroup());
    world.runs.append("R1", started("R1", { surface: "cli", alertGroup: GROUP_KEY }));
    await world.restart();
    await world.idle();
    const [card, run, ...others] = world.slack.messages();
    expect(others).toEqual([]);
    expect(card?.threadTs).toBeUndefined();
    expect(run?.threadTs).toBe(card?.ts);
  });

  it("stays unsaid when it was resolved before anybody heard of it", async () => {
    await using world = await openPress();
    await publish(world, alertGroup("resolved"));
    expect(world.slack.messages()).toEqual([]);
  });

  it("says in the open that it fires again, because an edit notifies nobody", async () => {
    await using world = await openPress();
    await publish(world);
    await publish(world, alertGroup("resolved"));
    await publish(world, alertGroup("firing", { startsAt: T0 + 60_000 }));
    await publish(world, alertGroup("firing", { startsAt: T0 + 60_000, receivedAt: T0 + 70_000 }));
    const [card, resolved, again, ...others] = world.slack.messages();
    expect(others).toEqual([]);
    expect(textOf(card)).toContain("Firing");
    expect(resolved?.text).toContain("Resolved");
    expect(again?.broadcast).toBe(true);
    expect(again?.text).toContain("fires again");
  });
});
