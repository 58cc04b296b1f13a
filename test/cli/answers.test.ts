import { describe, expect, it } from "@jest/globals";
import { answers, type Given } from "../../src/cli/answers.ts";
import type { RunCommand } from "../../src/engine/commands.ts";
import { viewRun, type RunChoice } from "../../src/engine/view.ts";
import { actor, play, start, toGate, toManual, toRechecking, T0 } from "../engine/run-specification.ts";

const bob = actor("bob");
const given: Given = {
  reason: "why",
  phrase: undefined,
  gate: undefined,
  plan: undefined,
  breakGlass: false,
  text: "some words",
};

const cases: readonly { name: string; at: readonly RunCommand[]; given?: object; request: object }[] = [
  { name: "approve", at: toGate, request: { type: "approve", gateId: "remove.1" } },
  { name: "approve", at: toGate, given: { phrase: "prod" }, request: { type: "approve", phrase: "prod" } },
  { name: "approve", at: toGate, given: { gate: "remove.7" }, request: { type: "approve", gateId: "remove.7" } },
  { name: "approve", at: toRechecking, request: { type: "approve", gateId: "remove.1" } },
  { name: "approve", at: toManual, request: { type: "approve", gateId: "" } },
  { name: "reject", at: toGate, request: { type: "reject", gateId: "remove.1", reason: "why" } },
  { name: "confirm", at: toManual, request: { type: "confirm-manual", step: "gone" } },
  { name: "approve", at: toGate, given: { breakGlass: true }, request: { breakGlass: { reason: "why" } } },
  { name: "answer", at: toManual, request: { type: "answer", step: "gone", value: "some words" } },
  { name: "retry", at: [start], request: { type: "retry", step: "peers", reason: "why" } },
  { name: "note", at: toGate, request: { type: "note", text: "some words" } },
  { name: "take-over", at: toGate, request: { type: "assign", to: { id: "bob", name: "bob" } } },
  { name: "skip", at: toManual, request: { type: "skip", step: "gone", reason: "why" } },
  { name: "mark-done", at: toGate, request: { type: "mark-done", step: "remove", reason: "why" } },
  { name: "abort", at: toGate, request: { type: "abort", reason: "why" } },
  {
    name: "abort",
    at: [...toManual, { type: "Abort", at: T0 + 9, by: bob, reason: "enough" }],
    request: { type: "abort" },
  },
];

describe("answers", () => {
  it.each(cases)("$name makes $request", ({ name, at, given: more, request }) => {
    const { run } = play(at);
    if (run.status === "none") throw new Error("no run");
    const answer = answers.find((candidate) => candidate.name === name);
    expect(answer?.request(run, bob, { ...given, ...more })).toMatchObject({ ...request, runId: "R1", by: bob });
  });

  it("sends no phrase when none was typed, so that the gate asks for it", () => {
    const { run } = play(toGate);
    if (run.status === "none") throw new Error("no run");
    expect(answers.find(({ name }) => name === "approve")?.request(run, bob, given)).not.toHaveProperty("phrase");
  });

  it.each([
    {
      name: "the whole plan when none was named, because it was shown just now",
      plan: undefined,
      sent: (hash: string) => hash,
    },
    {
      name: "the whole plan for its first characters",
      plan: (hash: string) => hash.slice(0, 12),
      sent: (hash: string) => hash,
    },
    {
      name: "capitals as they are meant",
      plan: (hash: string) => hash.slice(0, 12).toUpperCase(),
      sent: (hash: string) => hash,
    },
    {
      name: "what is none of this gate's, so that it is refused",
      plan: () => "abcdef123456",
      sent: () => "abcdef123456",
    },
    {
      name: "too few characters as they are, so that they are refused",
      plan: (hash: string) => hash.slice(0, 3),
      sent: (hash: string) => hash.slice(0, 3),
    },
  ])("binds a yes to $name", ({ plan, sent }) => {
    const { run } = play(toGate);
    if (run.status === "none") throw new Error("no run");
    const hash = run.gates[0]?.gate.planHash ?? "";
    const answer = answers.find(({ name }) => name === "approve");
    expect(answer?.request(run, bob, { ...given, plan: plan?.(hash) })).toMatchObject({ planHash: sent(hash) });
  });

  it("has a subcommand for everything that people can be offered", () => {
    const offered: readonly RunChoice[] = [
      "approve",
      "reject",
      "answer",
      "confirm-manual",
      "retry",
      "skip",
      "mark-done",
      "abort",
    ];
    const { run } = play(toGate);
    if (run.status === "none") throw new Error("no run");
    const types = answers.map(({ request }) => request(run, bob, given).type);
    expect(types).toEqual(expect.arrayContaining([...offered]));
    expect(offered).toEqual(expect.arrayContaining([...viewRun(run).choices]));
  });

  it("asks for a reason wherever one is always recorded", () => {
    const { run } = play(toGate);
    if (run.status === "none") throw new Error("no run");
    for (const { takes, request } of answers) {
      if (takes === "reason-if-unknown") continue;
      expect("reason" in request(run, bob, given)).toBe(takes === "reason");
    }
  });
});
