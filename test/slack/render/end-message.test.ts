import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { attached, bob, checked, finished, gateOpened, gate, started, T0 } from "../timeline.ts";
import { messageOf, textOf } from "./draw.ts";

const END = "run:R1/end";

/** A gate that is approved, asked again under a new id, and rejected. */
const gates: readonly RunEvent[] = [
  ...gateOpened(),
  { type: "GateVoted", at: T0 + 33_000, gate: "step_down.1", by: bob },
  { type: "GateAgreed", at: T0 + 33_000, gate: "step_down.1" },
  { type: "GateOpened", at: T0 + 40_000, gate: gate({ id: "step_down.2", openedAt: T0 + 40_000 }) },
  { type: "GateRejected", at: T0 + 50_000, gate: "step_down.2", by: bob, reason: "not at noon" },
];

describe("the end of a run says", () => {
  const events = [started("R1"), ...checked(), ...gates, ...attached("proof.txt"), finished()];

  it.each([
    { name: "how it ended", says: ":white_check_mark: *Resolved*: vault-2 serves again." },
    { name: "how long it took", says: "took 1m 30s" },
    { name: "what became of its steps", says: "steps: 1 done" },
    { name: "how long gates waited, in sum and at most", says: "2 gates waited 40s, the longest 30s" },
    { name: "who began it", says: "*alice* started the run <!date^" },
    { name: "who approved what", says: "*bob* approved `PUT sys/step-down on vault-0`" },
    { name: "who rejected what and why", says: "not at noon" },
    { name: "what is kept as evidence", says: "• `proof.txt` by *bob*, 7 bytes, `sha256:abab" },
    { name: "the whole head of the chain, for who verifies it", says: `sha256:${"5f".repeat(32)}` },
    { name: "where the post-mortem is", says: "<https://sealwatch.example/runs/R1/export.md|Post-mortem (Markdown)>" },
    { name: "where the timeline is", says: "<https://sealwatch.example/runs/R1/export.json|Timeline (JSON)>" },
  ])("$name", ({ says }) => {
    expect(textOf(END, events)).toContain(says);
  });

  it("nothing of gates when there were none, and of one no longest", () => {
    expect(textOf(END, [started("R1"), finished()])).not.toContain("waited");
    expect(textOf(END, [started("R1"), ...gates.slice(0, 4), finished()])).toContain("1 gate waited 30s");
    expect(textOf(END, [started("R1"), ...gates.slice(0, 4), finished()])).not.toContain("the longest");
  });

  it.each([
    { result: "resolved" as const, broadcast: false },
    { result: "aborted" as const, broadcast: true },
  ])("it in the channel too when it went badly: $result", ({ result, broadcast }) => {
    expect(messageOf(END, [started("R1"), finished(result)])).toMatchObject({ broadcast, urgent: true, mode: "once" });
  });

  it("the first and the last of a long night, and how much is left out", () => {
    const said = Array.from({ length: 60 }, (_, index): RunEvent => ({
      type: "Said",
      at: T0 + 1000 + index,
      text: `word ${index}.`,
      by: bob,
    }));
    const text = textOf(END, [started("R1"), ...said, finished()]);
    expect(text).toContain("word 0.");
    expect(text).toContain("_… 40 more on the web_");
    expect(text).toContain("word 59.");
    expect(text).not.toContain("word 30.");
  });

  it("that a dry run planned, and that a drill was one", () => {
    const dry = { ...started("R1"), dryRun: true } as RunEvent;
    const planned: RunEvent = {
      type: "RunFinished",
      at: T0 + 9,
      result: "planned",
      text: "All planned.",
      by: undefined,
    };
    expect(textOf(END, [dry, planned])).toContain(":clipboard: *Planned*");
    expect(textOf(END, [{ ...started("R1"), drill: true } as RunEvent, finished()])).toContain("DRILL · ");
  });
});
