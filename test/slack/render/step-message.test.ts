import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { checked, runbook, started, T0 } from "../timeline.ts";
import { messageOf } from "./draw.ts";

const STEP = "run:R1/step:seal:1";
const lines = Array.from({ length: 200 }, (_, index) => `line ${index} of what a node said`).join("\n");

describe("a finished step", () => {
  it("is told once, with its words, how it ended and how long it took", () => {
    const message = messageOf(STEP, [started("R1"), ...checked("All is well.")]);
    expect(message).toMatchObject({ mode: "once", text: ":white_check_mark: *Read the seal*\nAll is well." });
    expect(JSON.stringify(message.blocks)).toContain("took 1s");
    expect(message.file).toBeUndefined();
  });

  it("tells which attempt it was", () => {
    const again = checked("Now.").map((event) => ({ ...event, at: event.at + 60_000 }));
    const message = messageOf("run:R1/step:seal:2", [started("R1"), ...checked("x"), ...again]);
    expect(JSON.stringify(message.blocks)).toContain("attempt 2");
  });

  it("shows the first lines of a long output, the whole as a file and on the web", () => {
    const message = messageOf(STEP, [started("R1"), ...checked(lines)]);
    expect(message.text).toContain("line 0 of what a node said");
    expect(message.text).not.toContain("line 50 ");
    expect(message.text).toContain(`_… 200 lines, ${lines.length} characters in all_`);
    expect(message.file).toEqual({ name: "seal-1.txt", text: lines });
    expect(JSON.stringify(message.blocks)).toContain("<https://sealwatch.example/runs/R1|All of it on the web>");
  });

  it("is told to the whole channel where the runbook says that nobody may miss it, and only then", () => {
    const [first] = runbook.steps;
    const told = (loud: boolean) => {
      const say = { id: "seal", title: first?.title, onFailure: "ask", say: "It is open again.", loud };
      const begun = { ...started("R1"), runbook: { ...runbook, steps: [say, ...runbook.steps.slice(1)] } } as RunEvent;
      return messageOf(STEP, [begun, ...checked("It is open again.")]);
    };
    expect(told(true)).toMatchObject({
      urgent: true,
      broadcast: true,
      text: expect.stringMatching(/^:rotating_light: /u),
    });
    expect(told(false).broadcast).toBeUndefined();
    expect(told(false).text).toMatch(/^:white_check_mark: /u);
  });

  it("keeps secrets out of the file too", () => {
    const { file } = messageOf(STEP, [started("R1"), ...checked(`${lines} hvs.${"a".repeat(24)}`)]);
    expect(file?.text).toContain("<redacted Vault token>");
    expect(file?.text).not.toContain("hvs.");
  });

  it("has a chart where a value was read over time, and none otherwise", () => {
    const [step] = runbook.steps;
    const range = { ...step, id: "seal", title: "Write latency", check: "prometheus.query-range" };
    const begun = { ...started("R1"), runbook: { ...runbook, steps: [range, ...runbook.steps.slice(1)] } } as RunEvent;
    const result = { from: T0, step: 1000, unit: "s", series: [{ labels: "{}", points: [1, 2, 3], gaps: [] }] };
    const [, done] = checked();
    const events = [begun, ...checked().slice(0, 1), { ...done, result } as RunEvent];
    expect(messageOf(STEP, events).charts).toHaveLength(1);
    expect(messageOf(STEP, [started("R1"), ...checked()]).charts).toBeUndefined();
  });
});
