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
  toLocking,
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
    lines: [
      "  ▸ a step",
      "  ! no rights",
      "      sealwatch retry R1",
      "      sealwatch skip R1 --reason 'WHY'",
      "      sealwatch abort R1 --reason 'WHY'",
    ],
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
      `    plan:  ${hashOf(toGate)}`,
      "    needs 2 approval(s), not from the starter or who is in charge; another person runs:",
      `      sealwatch approve R1 remove.1 --plan ${hashOf(toGate)}`,
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
      {
        type: "RecordPerformed",
        at: T0 + 7,
        attempt: attemptId,
        epoch: 0,
        outcome: { ok: true, value: {} },
        credential: undefined,
      },
      { type: "RecordProbe", at: T0 + 60_000, attempt: attemptId, verdict: "unknown", evidence: "nobody can tell" },
      { type: "Retry", at: T0 + 60_001, step: "remove", by: actor("bob"), reason: "raft lists it" },
      { type: "Abort", at: T0 + 60_002, by: actor("bob"), reason: "enough" },
    ];
    expect(textOf(unknown.slice(0, -2))).toContain(
      "  ! whether vault.raft-remove-peer took effect is not known: nobody can tell",
    );
    expect(textOf(unknown)).toContain("    bob asks for the call again: raft lists it. It needs a new approval.");
    expect(textOf(unknown).split("\n").at(-1)).toBe("ABORTED: Aborted by bob: enough.");
  });

  it("gives a new key to what is new: a step that goes on, is retried, fails again with the same words", () => {
    const first = [start, denied(T0 + 1)];
    const again: RunCommand[] = [...first, { type: "Retry", at: T0 + 2, step: "peers", by: actor("bob") }];
    const printed = new Set(linesOf(first).map(({ key }) => key));
    expect(fresh(linesOf(again), printed)).toEqual(["  ▸ a step"]);
    for (const { key } of linesOf(again)) printed.add(key);
    expect(fresh(linesOf([...again, denied(T0 + 3)]), printed)[0]).toBe("  ! no rights");
  });

  it("says who has the cluster, and since when, while the run waits for it", () => {
    const held: RunCommand = {
      type: "RecordLock",
      at: T0 + 5,
      step: "remove",
      outcome: { ok: true, value: { runId: "R7", since: T0 - 60_000 } },
    };
    expect(textOf([...toLocking, held])).toContain(
      `  ! waiting for the cluster: run R7 has it to itself since ${new Date(T0 - 60_000).toISOString()}`,
    );
  });

  it("marks dry runs and drills, evidence, who took charge, and break-glass loudly", () => {
    const carol = actor("carol", "admin");
    const broken: RunCommand = {
      ...yes("carol"),
      by: carol,
      breakGlass: { reason: "nobody else is awake", demands: "admin" },
    } as RunCommand;
    const digest = "ab".repeat(32);
    const text = textOf([
      { ...start, drill: true },
      ...toGate.slice(1),
      { type: "Assign", at: T0 + 3, by: carol, to: { id: "carol", name: "carol" } },
      { type: "Attach", at: T0 + 3, by: carol, name: "dmesg.txt", sha256: digest, bytes: 12, text: "disk" },
      { type: "AddNote", at: T0 + 3, by: carol, text: "the rack is dark" },
      broken,
    ]);
    expect(text.split("\n")[0]).toBe("  DRILL: carried out to practise; its calls are real");
    expect(text).toContain("    carol took charge of the run");
    expect(text).toContain(`    carol attached dmesg.txt: 12 bytes, sha256:${digest}`);
    expect(text).toContain("    carol: the rack is dark");
    expect(text).toContain("    !!! gate remove.1: BREAK-GLASS by carol alone: nobody else is awake");
    expect(textOf([{ ...start, dryRun: true }])).toContain("  DRY RUN: reads and plans");
  });

  it("indents what is in a block and says in which round", () => {
    const { run } = play(toManual);
    if (run.status === "none") throw new Error("no run");
    const [first] = run.steps;
    if (first === undefined) throw new Error("no step");
    const nested = { ...first, id: "rolling[2].look.seal", title: "Read the seal", text: "down\nand out" };
    const line = renderRun({ ...run, steps: [nested] })[0]?.lines.join("\n");
    expect(line).toBe("      ✔ Read the seal [rolling, round 3, look] (1ms)\n          down\n          and out");
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

function hashOf(commands: readonly RunCommand[]): string {
  const { run } = play(commands);
  if (run.status === "none") throw new Error("no run");
  return run.gates[0]?.gate.planHash.slice(0, 12) ?? "no gate";
}

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
