import { describe, expect, it } from "@jest/globals";
import { askApproval } from "../../../src/cli/run/ask-approval.ts";
import type { OpenRun } from "../../../src/engine/run.ts";
import { play, toGate, toManual } from "../../engine/run-specification.ts";
import { captureIo } from "../captured-io.ts";

const { signal } = new AbortController();

describe("askApproval", () => {
  it("shows the whole gate before it asks, and asks for the cluster's name", async () => {
    const { run, answer, err, questions } = await ask(atGate(), " prod ");
    expect(answer).toBe("prod");
    expect(questions).toEqual(["  type the cluster's name to approve: "]);
    expect(err.join("\n")).toContain("POST sys/storage/raft/remove-peer vault-2");
    expect(run.phase.name).toBe("gate");
  });

  it("passes on what was typed, right or wrong: the engine judges it", async () => {
    expect((await ask(atGate(), "stage")).answer).toBe("stage");
  });

  it.each([
    { typed: "yes", answer: "" },
    { typed: "y", answer: undefined },
    { typed: "", answer: undefined },
    { typed: undefined, answer: undefined },
  ])("at a gate that wants no phrase takes only a whole yes: $typed", async ({ typed, answer }) => {
    const run = atGate();
    if (run.phase.name !== "gate") throw new Error("no gate");
    const gate = { ...run.phase.gate, phrase: undefined };
    expect((await ask({ ...run, phase: { ...run.phase, gate } }, typed)).answer).toBe(answer);
  });

  it("gives nothing when the input ended: nobody agreed", async () => {
    expect((await ask(atGate(), undefined)).answer).toBeUndefined();
  });

  it("asks for the cluster's name before break-glass, whatever the gate asks for, and says what it means", async () => {
    const run = atGate();
    if (run.phase.name !== "gate") throw new Error("no gate");
    const gate = { ...run.phase.gate, phrase: undefined };
    const { answer, err, questions } = await ask({ ...run, phase: { ...run.phase, gate } }, "prod", true);
    expect(answer).toBe("prod");
    expect(questions).toEqual(["  type the cluster's name to approve: "]);
    expect(err.at(-1)).toContain("BREAK-GLASS: you alone go past a gate that asks for 2");
  });

  it("asks nothing where no gate is open; the engine says so", async () => {
    const { answer, questions } = await ask(openRun(toManual), "x");
    expect(answer).toBe("");
    expect(questions).toEqual([]);
  });
});

function atGate(): OpenRun {
  return openRun(toGate);
}

function openRun(commands: Parameters<typeof play>[0]): OpenRun {
  const { run } = play(commands);
  if (run.status !== "open") throw new Error("not open");
  return run;
}

async function ask(run: OpenRun, typed: string | undefined, breakGlass = false) {
  const questions: string[] = [];
  const { io, err } = captureIo(async (question) => {
    questions.push(question);
    return typed;
  });
  return { run, answer: await askApproval(io, run, { signal, breakGlass }), err, questions };
}
