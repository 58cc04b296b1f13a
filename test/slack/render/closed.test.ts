import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { closedMessage } from "../../../src/slack/render/closed.ts";
import { bob, finished, held, started, stuck, T0, unknown } from "../timeline.ts";
import { actionsOf, loaded, messageOf } from "./draw.ts";

const at = T0 + 9000;
const begun = started("R1");
const STUCK = "run:R1/stuck:step_down:1";
const textOf = (events: readonly RunEvent[], kind: Parameters<typeof closedMessage>[1] = "stuck"): string =>
  JSON.stringify(closedMessage(loaded([begun, ...events]).run, kind, "step_down", undefined));

describe("a question that is closed", () => {
  it("keeps what it said, and loses its buttons", () => {
    const before = messageOf(STUCK, [begun, ...stuck("no answer in 5s")]);
    const { run } = loaded([begun, ...stuck("no answer in 5s"), finished()]);
    const after = closedMessage(run, "stuck", "step_down", before);
    expect(actionsOf(before).length).toBeGreaterThan(0);
    expect(actionsOf(after)).toEqual([]);
    expect(JSON.stringify(after)).toContain("no answer in 5s");
  });

  const cases: readonly { name: string; events: readonly RunEvent[]; says: readonly string[] }[] = [
    {
      name: "left out, by whom and why",
      events: [
        ...stuck(),
        { type: "Said", at, text: "bob skipped the step: it is done by hand", by: bob },
        { type: "StepSkipped", at, step: "step_down", text: "bob skipped it", by: bob },
      ],
      says: [":fast_forward: the step is skipped: bob skipped it", "*bob* <!date^", "it is done by hand"],
    },
    {
      name: "the run ended",
      events: [...stuck(), finished()],
      says: ["*Resolved*, the run ended: vault-2 serves again."],
    },
    { name: "tried again", events: [...stuck(), ...stuck().slice(0, 1)], says: ["the run moved on"] },
  ];

  it.each(cases)("says what became of it: $name", ({ events, says }) => {
    for (const part of says) expect(textOf(events)).toContain(part);
  });

  it("says who re-opened what was held back", () => {
    const events: readonly RunEvent[] = [...held(), { type: "RunReopened", at, by: bob }];
    expect(textOf(events, "held")).toContain("*Held back, closed:*");
    expect(textOf(events, "held")).toContain("bob re-opened the run although its alert is resolved");
  });

  it("says who had approved the call of which nobody knows what it did", () => {
    expect(textOf(unknown().slice(0, 2), "unknown")).toContain(":unlock: approved by *bob*");
  });
});
