import { describe, expect, it } from "@jest/globals";
import type { Attachments } from "../../../src/slack/attachments/attachments.ts";
import { runbook, started, T0 } from "../timeline.ts";
import { byKey, textOf } from "../world.ts";
import { openPress } from "./press.ts";

const LONG = "a line of the log\n".repeat(400);
const STEP = "run:R1/step:seal:1";

/** What a step says that is too long for a message. */
const checkedLong = [
  { type: "StepStarted", at: T0 + 1000, step: "seal", title: runbook.title },
  { type: "StepSucceeded", at: T0 + 2000, step: "seal", result: {}, text: LONG, by: undefined },
] as const;

/** Has nothing at first, and everything after a while. */
function slow(readyAfter: number): Attachments & { asked: number; refusals: number } {
  const attachments = {
    asked: 0,
    refusals: 0,
    resolve: async ({
      text,
      blocks,
    }: {
      readonly text: string;
      readonly blocks: Parameters<Attachments["resolve"]>[0]["blocks"];
    }) => {
      attachments.asked += 1;
      const isReady = attachments.asked > readyAfter;
      return { text: isReady ? `${text} (with its file)` : text, blocks, againMs: isReady ? undefined : 4000 };
    },
    refused: async () => {
      attachments.refusals += 1;
      return undefined;
    },
  };
  return attachments;
}

describe("a message with a file or picture", () => {
  it("goes out without waiting, and gets it when it is there, although its text never changes", async () => {
    const attachments = slow(2);
    await using world = await openPress({ publisher: { attachments } });
    world.runs.append("R1", started("R1"), ...checkedLong);
    await world.idle();
    expect(attachments.asked).toBe(3);
    expect(world.slack.messages().filter(byKey(STEP))).toHaveLength(1);
    expect(world.slack.messages().find(byKey(STEP))?.edits).toBe(2);
    expect(textOf(world.slack.messages().find(byKey(STEP)))).toContain("(with its file)");
    expect(world.time.clock.now() - T0).toBeGreaterThanOrEqual(8000);
    world.runs.append("R1", { type: "Said", at: T0 + 3000, text: "A word.", by: undefined });
    await world.idle();
    expect(attachments.asked).toBe(3);
  });

  it("goes out without it when slack refuses it, and is left so when there is no other way", async () => {
    const attachments = slow(0);
    await using world = await openPress({ publisher: { attachments } });
    world.runs.append("R1", started("R1"));
    await world.idle();
    world.slack.failNext("chat.postMessage", { error: "invalid_blocks" });
    world.runs.append("R1", ...checkedLong);
    await world.idle();
    expect(attachments.refusals).toBe(1);
    expect(textOf(world.slack.messages().find(byKey(STEP)))).not.toContain("(with its file)");
    expect(world.slack.messages().find(byKey(STEP))?.edits).toBe(0);
  });
});
