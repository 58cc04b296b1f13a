import { describe, expect, it } from "@jest/globals";
import { choiceCommand } from "../../src/engine/choice-command.ts";
import type { RunCommand } from "../../src/engine/commands.ts";
import { viewRun } from "../../src/engine/view.ts";
import { attemptId, play, T0, toAttempted, toGate, toManual } from "./run-specification.ts";

const unknown: RunCommand[] = [
  ...toAttempted,
  {
    type: "RecordPerformed",
    at: T0 + 7,
    attempt: attemptId,
    epoch: 0,
    outcome: { ok: true, value: {} },
    credential: undefined,
  },
  { type: "RecordProbe", at: T0 + 60_000, attempt: attemptId, verdict: "unknown", evidence: "nobody can tell" },
];

function commands(at: readonly RunCommand[], cluster = "prod"): readonly string[] {
  const { run } = play(at);
  if (run.status === "none") throw new Error("no run");
  const view = viewRun({ ...run, cluster });
  return view.choices.map((choice) => choiceCommand(choice, view));
}

describe("choiceCommand", () => {
  it("binds a yes to its gate, its plan and its phrase", () => {
    const [approve, reject] = commands(toGate);
    expect(approve).toMatch(/^sealwatch approve R1 remove\.1 --plan [0-9a-f]{12} --phrase prod$/u);
    expect(reject).toBe("sealwatch reject R1 remove.1 --reason 'WHY'");
  });

  it("asks for a reason wherever one is needed: for a retry only when nobody knows what the call did", () => {
    expect(commands(unknown)).toEqual([
      "sealwatch mark-done R1 --reason 'WHY'",
      "sealwatch retry R1 --reason 'WHY'",
      "sealwatch abort R1 --reason 'WHY'",
    ]);
    expect(commands(toManual)).toEqual([
      "sealwatch confirm R1",
      "sealwatch skip R1 --reason 'WHY'",
      "sealwatch abort R1 --reason 'WHY'",
    ]);
  });

  it("quotes what a shell would read as more than a word: the gates of steps in blocks", () => {
    const { run } = play(toGate);
    if (run.status !== "open" || run.phase.name !== "gate") throw new Error("no gate");
    const gate = { ...run.phase.gate, id: "rolling[2].remove.1", phrase: "it's prod; ls" };
    const view = viewRun({ ...run, phase: { ...run.phase, gate } });
    expect(choiceCommand("approve", view)).toContain(
      String.raw`approve R1 'rolling[2].remove.1' --plan ${gate.planHash.slice(0, 12)} --phrase 'it'\''s prod; ls'`,
    );
  });
});
