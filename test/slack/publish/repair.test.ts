import { describe, expect, it } from "@jest/globals";
import { KEYS } from "../../../src/slack/ids.ts";
import { alertGroup, bob, checked, finished, gateOpened, GROUP_KEY, started, stuck, T0 } from "../timeline.ts";
import { buttonsOf, byKey, textOf } from "../world.ts";
import { keysOf, openPress } from "./press.ts";

const GATE = "run:R1/gate:step_down.1";
const VOTED = { type: "GateVoted", at: T0 + 9000, gate: "step_down.1", by: bob } as const;

describe("a message that can be edited no more", () => {
  it.each(["edit_window_closed", "cant_update_message", "block_mismatch"])(
    "is said again, and the old one is given up (%s)",
    async (error) => {
      await using world = await openPress();
      world.runs.append("R1", started("R1"), ...gateOpened());
      await world.idle();
      const old = world.slack.messages().find(byKey(GATE));
      world.slack.failNext("chat.update", { error });
      world.slack.failNext("chat.update", { error });
      world.runs.append("R1", VOTED, { type: "GateAgreed", at: T0 + 9000, gate: "step_down.1" });
      await world.idle();
      const said = world.slack.messages().filter(byKey(GATE));
      expect(said).toHaveLength(2);
      expect(said[0]?.ts).toBe(old?.ts);
      expect(textOf(said[1])).toContain("approved by bob");
      expect((await world.messages.get(GATE))?.ts).toBe(said[1]?.ts);
    },
  );

  it("is not found again in place of the new one when the outcome of that post is unclear", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...gateOpened());
    await world.idle();
    world.slack.failNext("chat.update", { error: "edit_window_closed" });
    world.slack.failNext("chat.update", { error: "edit_window_closed" });
    world.slack.failNext("chat.postMessage", { status: 500 });
    world.runs.append("R1", VOTED, { type: "GateAgreed", at: T0 + 9000, gate: "step_down.1" });
    await world.idle();
    const said = world.slack.messages().filter(byKey(GATE));
    expect(said).toHaveLength(2);
    expect(textOf(said[1])).toContain("approved by bob");
  });

  it("is answered in the thread when it was a question that nobody is asked any more", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...stuck());
    await world.idle();
    // The card's edit comes after the closing.
    world.slack.failNext("chat.update", { error: "edit_window_closed" });
    world.runs.append("R1", finished("aborted"));
    await world.idle();
    const said = world.slack.messages().filter(byKey("run:R1/stuck:step_down:1"));
    expect(said).toHaveLength(2);
    expect(textOf(said[1])).toContain("the run ended");
    expect(buttonsOf(said[1])).toEqual([]);
  });
});

describe("a message that somebody deleted", () => {
  it("is said again with its thread when it was a run's card", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"), ...checked());
    await world.idle();
    world.slack.deleteMessage(world.slack.messages().find(byKey("run:R1/card"))?.ts ?? "");
    world.runs.append("R1", ...gateOpened());
    await world.idle();
    const card = world.slack.messages().find(byKey("run:R1/card"));
    expect(world.slack.messages().filter(byKey("run:R1/card"))).toHaveLength(1);
    expect(world.slack.messages().find(byKey(GATE))?.threadTs).toBe(card?.ts);
  });
});

describe("a message that slack refuses in every form", () => {
  it("is tried again, and holds up no other run", async () => {
    await using world = await openPress();
    for (let times = 0; times < 3; times++) world.slack.failNext("chat.postMessage", { error: "invalid_blocks" });
    world.runs.append("R1", started("R1"));
    await world.idle();
    world.runs.append("R2", started("R2"));
    await world.idle();
    expect(keysOf(world.slack)).toEqual(["run:R1/card", "run:R2/card"]);
  });

  it("goes out as a bare sentence when only its blocks are too much", async () => {
    await using world = await openPress();
    world.slack.failNext("chat.postMessage", { error: "invalid_blocks" });
    world.slack.failNext("chat.postMessage", { error: "invalid_blocks" });
    world.runs.append("R1", started("R1"));
    await world.idle();
    const [card] = world.slack.messages();
    expect(card?.blocks).toEqual([]);
    expect(card?.text).toContain("A node is sealed");
  });
});

describe("what slack says no to for a whole channel", () => {
  it("is not asked again and again for each message, and everything goes out when the channel is there", async () => {
    await using world = await openPress();
    for (let times = 0; times < 4; times++) world.slack.failNext("chat.postMessage", { error: "not_in_channel" });
    for (const id of ["R1", "R2", "R3", "R4", "R5", "R6"]) world.runs.append(id, started(id), ...checked());
    await world.idle();
    const refused = world.slack.calls().filter(({ error }) => error === "not_in_channel");
    expect(refused).toHaveLength(4);
    expect(new Set(keysOf(world.slack)).size).toBe(12);
  });
});

describe("news that waited", () => {
  it("goes out as one post where several steps finished meanwhile, and each is remembered", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"));
    await world.idle();
    world.runs.append(
      "R1",
      ...checked(),
      ...[1, 2, 3].map((at) => ({ type: "Said", at: T0 + 2000 + at, text: `Word ${at}.`, by: undefined }) as const),
      ...gateOpened(),
    );
    await world.idle();
    const [card, news, question, ...others] = world.slack.messages();
    expect(others).toEqual([]);
    expect(card?.threadTs).toBeUndefined();
    expect(keysOf(world.slack)).toHaveLength(6);
    expect(news?.text).toMatch(/is sealed[^]*Word 1\.[^]*Word 2\.[^]*Word 3\./u);
    expect(textOf(question)).toContain("PUT sys/step-down on vault-0");
    for (let index = 0; index < 3; index++)
      expect((await world.messages.get(KEYS.note("R1", index)))?.ts).toBe(news?.ts);
  });

  it("is found by each of its keys when nobody knows whether it was posted", async () => {
    await using world = await openPress();
    world.runs.append("R1", started("R1"));
    await world.idle();
    world.slack.failNext("chat.postMessage", "drop-after-effect");
    world.runs.append("R1", ...checked(), { type: "Said", at: T0 + 2500, text: "A word.", by: undefined });
    await world.idle();
    expect(world.slack.messages()).toHaveLength(2);
    expect((await world.messages.get(KEYS.note("R1", 0)))?.ts).toBe(world.slack.messages()[1]?.ts);
  });
});

describe("clusters with channels of their own", () => {
  it("have their runs and alerts there, thread and all", async () => {
    const channelOf = (cluster: string | undefined): string => (cluster === "prod" ? "C0PROD" : "C0INCIDENTS");
    await using world = await openPress({
      publisher: { channelOf },
      slack: { channels: [{ id: "C0PROD", name: "vault-prod" }] },
    });
    await world.alert(alertGroup());
    world.runs.append("R1", started("R1", { surface: "slack", alertGroup: GROUP_KEY }), ...checked());
    await world.alert(alertGroup("firing", { key: "other", alerts: [] }));
    await world.idle();
    const where = Object.fromEntries(world.slack.messages().map(({ text, channel }) => [text.slice(0, 24), channel]));
    expect(world.slack.messages().filter(({ channel }) => channel === "C0PROD")).toHaveLength(3);
    expect(Object.values(where).filter((channel) => channel === "C0INCIDENTS")).toHaveLength(1);
  });
});

describe("homes", () => {
  it("are kept once for each change, and looked at again when their keeper says so", async () => {
    const kept: number[] = [];
    await using world = await openPress({
      publisher: {
        keepHome: async ({ revision }) => {
          kept.push(revision);
          return kept.length === 1 ? 10_000 : undefined;
        },
      },
    });
    world.publisher.note("home:U0ALICE");
    await world.idle();
    expect(kept).toHaveLength(1);
    await world.time.pass(11_000);
    await world.idle();
    expect(kept).toHaveLength(2);
    await world.time.pass(60_000);
    expect(kept).toHaveLength(2);
    expect((await world.publisher.status()).depth).toBe(0);
  });
});
