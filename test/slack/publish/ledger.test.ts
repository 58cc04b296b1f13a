import { describe, expect, it } from "@jest/globals";
import { createLedger, givenUp, isGivenUp } from "../../../src/slack/publish/ledger.ts";
import { createRecent } from "../../../src/slack/publish/recent.ts";
import { memoryMessages } from "../memory.ts";
import { T0 } from "../timeline.ts";

const content = { text: "hello", blocks: [] };
const message = (key: string) => ({ key, channel: "C1", ts: "1.1", digest: "d" });

function openLedger() {
  const messages = memoryMessages();
  const time = { now: T0 };
  const recent = createRecent({ now: () => time.now });
  return { messages, time, recent, ledger: createLedger(messages, recent) };
}

describe("the ledger", () => {
  it("says in the store that a message may be in slack before it is posted", async () => {
    const { ledger, messages } = openLedger();
    await ledger.begin("run:R1/card", "C1", undefined);
    expect(messages.all.get("run:R1/card")).toEqual({ key: "run:R1/card", channel: "C1", ts: undefined, digest: "" });
  });

  it("lets nothing be posted that the store has not heard of", async () => {
    const { ledger, messages } = openLedger();
    messages.failPuts = 1;
    await expect(ledger.begin("run:R1/card", "C1", undefined)).rejects.toThrow("the disk is full");
  });

  it("stores what the store could not take before it reads again", async () => {
    const { ledger, messages } = openLedger();
    messages.failPuts = 2;
    await expect(ledger.remember(message("run:R1/card"), content)).rejects.toThrow("the disk is full");
    await expect(ledger.records("run:R1/")).rejects.toThrow("the disk is full");
    expect([...(await ledger.records("run:R1/"))]).toEqual([["run:R1/card", message("run:R1/card")]]);
    expect(messages.all.has("run:R1/card")).toBe(true);
  });

  it("tells a message that was given up, and older ones, from the one in its place", () => {
    const record = givenUp({ ...message("run:R1/card"), ts: "1000.000005" });
    expect(record.ts).toBeUndefined();
    expect([
      isGivenUp(record, "1000.000004"),
      isGivenUp(record, "1000.000005"),
      isGivenUp(record, "1000.000006"),
    ]).toEqual([true, true, false]);
    expect(isGivenUp(message("run:R1/card"), "0.1")).toBe(false);
  });
});

describe("what was sent lately", () => {
  it("is the last content and time under a key, and keeps the content when only a ts was found", () => {
    const { recent, time } = openLedger();
    recent.note("k", content);
    time.now += 1000;
    recent.note("k", undefined);
    expect([recent.content("k"), recent.sentAt("k")]).toEqual([content, T0 + 1000]);
  });

  it("is let go of when a thousand other messages were sent since, so that memory does not grow", () => {
    const { recent } = openLedger();
    recent.note("first", content);
    recent.note("second", content);
    for (let index = 0; index < 998; index++) recent.note(`other ${index}`, content);
    recent.note("first", content);
    recent.note("last", content);
    expect([recent.content("first"), recent.content("second")]).toEqual([content, undefined]);
  });
});
