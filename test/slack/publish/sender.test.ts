import { describe, expect, it } from "@jest/globals";
import type { Fault } from "../../../src/sandbox/slack/faults.ts";
import { alertGroup, checked, finished, gateOpened, started, T0 } from "../timeline.ts";
import { buttonsOf, byKey, textOf } from "../world.ts";
import { openPress } from "./press.ts";

const UNCLEAR: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: "a 500 after the message was posted", fault: "after-effect" },
  { name: "a connection that broke after the message was posted", fault: "drop-after-effect" },
  { name: "a 503 before anything happened", fault: { status: 503 } },
  { name: "a 429", fault: { status: 429, retryAfter: 7 } },
  { name: "a refusal that passes", fault: { error: "fatal_error" } },
];

describe("sending", () => {
  it.each(UNCLEAR)("posts each message exactly once in spite of $name", async ({ fault }) => {
    await using world = await openPress();
    for (const skip of [0, 1, 2]) {
      const id = `R${skip}`;
      world.slack.failNext("chat.postMessage", fault);
      world.runs.append(id, started(id), ...checked(), ...gateOpened());
      await world.idle();
    }
    const keys = world.slack.messages().map((message) => JSON.stringify(message.metadata));
    expect(keys).toHaveLength(9);
    expect(new Set(keys).size).toBe(9);
  });

  it("posts a reply exactly once when its outcome is unclear", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"));
    await world.idle();
    world.slack.failNext("chat.postMessage", "after-effect");
    world.runs.append("R1", ...checked());
    await world.idle();
    expect(world.slack.messages().filter(byKey("run:R1/step:seal:1"))).toHaveLength(1);
  });

  it("waits as long as slack says after a 429", async () => {
    await using world = await openPress();
    world.slack.failNext("chat.postMessage", { status: 429, retryAfter: 7 });
    world.runs.append("R1", started("R1"));
    await world.idle();
    expect(world.time.waits).toContain(7000);
    expect(world.slack.messages()).toHaveLength(1);
  });

  it("edits until it is true: a lost edit leaves no gate with buttons", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();
    for (const fault of [{ status: 500 }, { status: 429 }, "drop-after-effect"] as const)
      world.slack.failNext("chat.update", fault);
    world.runs.append("R1", { type: "GateExpired", at: T0 + 9000, gate: "step_down.1" }, finished("aborted"));
    await world.idle();
    expect(world.slack.messages().flatMap(buttonsOf)).toEqual([]);
  });

  it("sends the simplest form when slack finds a message too much, so that buttons go", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();
    world.slack.failNext("chat.update", { error: "msg_blocks_too_long" });
    world.slack.failNext("chat.update", { error: "msg_blocks_too_long" });
    world.runs.append("R1", { type: "GateExpired", at: T0 + 9000, gate: "step_down.1" }, finished("aborted"));
    await world.idle();
    expect(world.slack.messages().flatMap(buttonsOf)).toEqual([]);
    expect(textOf(world.slack.messages().find(byKey("run:R1/gate:step_down.1")))).toContain("Expired");
  });

  it("says a message again that somebody deleted, when it changes", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();
    const question = world.slack.messages().find(byKey("run:R1/gate:step_down.1"));
    world.slack.deleteMessage(question?.ts ?? "");
    world.runs.append("R1", { type: "GateVoted", at: T0 + 9000, gate: "step_down.1", by: { id: "bob", name: "bob" } });
    await world.idle();
    expect(world.slack.messages().filter(byKey("run:R1/gate:step_down.1"))).toHaveLength(1);
  });

  it("posts nothing twice when the store cannot take what was posted", async () => {
    await using world = await openPress();
    world.messages.failPuts = 3;
    world.runs.append("R1", started("R1"), ...checked());
    await world.idle();
    expect(world.slack.messages()).toHaveLength(2);
    expect(world.messages.all.size).toBe(2);
  });

  it("posts again rather than never when it may not look (no history scope)", async () => {
    await using world = await openPress();
    world.slack.failNext("chat.postMessage", { status: 503 });
    world.slack.failNext("conversations.history", { error: "missing_scope" });
    world.runs.append("R1", started("R1"));
    await world.idle();
    expect(world.slack.messages()).toHaveLength(1);
    expect(world.logs.join("\n")).toContain("it may appear twice");
  });

  it("brings out one card for each of 60 alert groups that come at once, and loses none to the rate", async () => {
    await using world = await openPress();
    world.slack.tighten("chat.postMessage", { perMinute: 6000, burst: 5 });
    for (let index = 0; index < 60; index++) {
      const group = alertGroup("firing", { key: `{}:{alertname="A", n="${index}"}` });
      await world.alerts.put(group);
      world.publisher.note(`alert:${group.key}`);
    }
    await world.idle();
    expect(world.slack.messages()).toHaveLength(60);
  });
});
