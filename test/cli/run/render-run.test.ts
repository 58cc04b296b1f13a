import { describe, expect, it } from "@jest/globals";
import { gateLines, renderRun } from "../../../src/cli/run/render-run.ts";
import type { RunCommand } from "../../../src/engine/commands.ts";
import { viewGate } from "../../../src/engine/view.ts";
import {
  actor,
  attemptId,
  play,
  reading,
  start,
  T0,
  toAttempted,
  toGate,
  toManual,
  yes,
} from "../../engine/run-specification.ts";

const denied = (at: number): RunCommand => ({
  type: "RecordCheck",
  at,
  step: "peers",
  outcome: { ok: false, failure: { reason: "denied", message: "no rights", retryable: false } },
});
const voided: RunCommand = {
  type: "RecordPreconditions",
  at: T0 + 6,
  step: "remove",
  holder: "host:1:a",
  outcome: reading(4),
};

const cases: readonly { name: string; commands: readonly RunCommand[]; lines: readonly string[] }[] = [
  { name: "a step under way", commands: [start], lines: ["  ▸ a step"] },
  {
    name: "a step that ended, with its time and its text, and the human's work",
    commands: toManual,
    lines: ["  ✔ a step (1ms)\n      down: true", "  ▸ a step", "    Is the machine gone?"],
  },
  {
    name: "a step that is stuck",
    commands: [start, denied(T0 + 1)],
    lines: ["  ▸ a step", "  ! no rights"],
  },
  {
    name: "a gate: what, why now, what it costs, who must do what",
    commands: toGate,
    lines: [
      "  ✔ a step (1ms)\n      down: true",
      "  ✔ a step (1ms)\n      done, says alice",
      "  ▸ a step",
      "  ⛔ GATE remove.1 (destructive): vault.raft-remove-peer on cluster prod",
      "    call:  POST sys/storage/raft/remove-peer vault-2",
      "    now:   3 voters, 2 needed",
      "    cost:  one voter less",
      "    proof: the id is gone",
      "    needs 2 approval(s), not from the starter; another person runs:",
      "      sealwatch approve R1 remove.1",
    ],
  },
];

describe("renderRun", () => {
  it.each(cases)("shows $name", ({ commands, lines }) => {
    expect(
      linesOf(commands)
        .map(({ lines: text }) => text)
        .flat(),
    ).toEqual(lines);
  });

  it("shows each vote, what became of a gate, and what changed since the approval that is void", () => {
    const text = textOf([...toGate, yes("bob"), yes("carol", T0 + 5), voided]);
    expect(text).toMatch(/approved by bob\n\s+approved by carol\n\s+gate remove\.1: void: was: 3 voters, 2 needed/u);
    expect(text).toMatch(
      /GATE remove\.2[\s\S]*CHANGED since the approval that is void: was: 3 voters, 2 needed; is now: 4/u,
    );
  });

  it("shows what was said, and how the run ended", () => {
    const unknown: RunCommand[] = [
      ...toAttempted,
      { type: "RecordPerformed", at: T0 + 7, attempt: attemptId, outcome: { ok: true, value: {} } },
      { type: "RecordProbe", at: T0 + 60_000, attempt: attemptId, verdict: "unknown", evidence: "nobody can tell" },
      { type: "Retry", at: T0 + 60_001, step: "remove", by: actor("bob") },
      { type: "Abort", at: T0 + 60_002, by: actor("bob"), reason: "enough" },
    ];
    expect(textOf(unknown.slice(0, -2))).toContain(
      "  ! whether vault.raft-remove-peer took effect is not known: nobody can tell",
    );
    expect(textOf(unknown)).toContain("    bob asks for the call again; it needs a new approval.");
    expect(textOf(unknown).split("\n").at(-1)).toBe("ABORTED: Aborted by bob: enough.");
  });

  it("gives a new key to what is new: a step that goes on, is retried, fails again with the same words", () => {
    const first = [start, denied(T0 + 1)];
    const again: RunCommand[] = [...first, { type: "Retry", at: T0 + 2, step: "peers", by: actor("bob") }];
    const printed = new Set(linesOf(first).map(({ key }) => key));
    expect(fresh(linesOf(again), printed)).toEqual(["  ▸ a step"]);
    for (const { key } of linesOf(again)) printed.add(key);
    expect(fresh(linesOf([...again, denied(T0 + 3)]), printed)).toEqual(["  ! no rights"]);
  });

  it("gives the same keys to the same state, and no key twice", () => {
    const commands = [...toGate, yes("bob"), yes("carol", T0 + 5), voided];
    const keys = linesOf(commands).map(({ key }) => key);
    expect(linesOf(commands).map(({ key }) => key)).toEqual(keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("gateLines", () => {
  it("hides nothing of what is approved", () => {
    const { run } = play(toGate);
    if (run.status !== "open" || run.phase.name !== "gate") throw new Error("no gate");
    const gate = viewGate(run.phase.gate);
    const text = gateLines(gate).join("\n");
    for (const part of [gate.ask, gate.call, ...gate.facts, gate.cost, gate.proof, gate.danger])
      expect(text).toContain(part);
  });
});

function linesOf(commands: readonly RunCommand[]) {
  const { run } = play(commands);
  if (run.status === "none") throw new Error("no run");
  return renderRun(run);
}

function textOf(commands: readonly RunCommand[]): string {
  return linesOf(commands)
    .flatMap(({ lines }) => lines)
    .join("\n");
}

function fresh(lines: ReturnType<typeof renderRun>, printed: ReadonlySet<string>): readonly string[] {
  return lines.filter(({ key }) => !printed.has(key)).flatMap(({ lines: text }) => text);
}
