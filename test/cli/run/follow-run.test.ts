import { describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { followRun } from "../../../src/cli/run/follow-run.ts";
import type { Io } from "../../../src/cli/io.ts";
import type { RunCommand } from "../../../src/engine/commands.ts";
import type { RunAnswer, RunRequest, RunService } from "../../../src/runner/ports.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import {
  actor,
  attemptId,
  play,
  start,
  T0,
  toAttempted,
  toGate,
  toManual,
  toPlanning,
  yes,
} from "../../engine/run-specification.ts";
import { captureIo } from "../captured-io.ts";

const alice = actor("alice", "responder");
const denied: RunCommand = {
  type: "RecordCheck",
  at: T0 + 1,
  step: "peers",
  outcome: { ok: false, failure: { reason: "denied", message: "no rights", retryable: false } },
};
const skipped = (step: string, at: number): RunCommand => ({ type: "Skip", at, step, by: alice, reason: "why" });
const stopped: RunCommand = {
  type: "RecordCheck",
  at: T0 + 1,
  step: "peers",
  outcome: { ok: true, value: { down: false } },
};
const aborted: RunCommand = { type: "Abort", at: T0 + 9, by: alice, reason: "enough" };
const performed: RunCommand = {
  type: "RecordPerformed",
  at: T0 + 7,
  attempt: attemptId,
  epoch: 0,
  outcome: { ok: true, value: {} },
  credential: undefined,
};
const probed: RunCommand = {
  type: "RecordProbe",
  at: T0 + 8,
  attempt: attemptId,
  verdict: "done",
  evidence: "gone",
};
const seen: RunCommand = {
  type: "RecordPoll",
  at: T0 + 9,
  step: "absent",
  outcome: { ok: true, value: { known: false } },
};
const resolved = [...toAttempted, performed, probed, seen];

describe("followRun", () => {
  it.each([
    { name: "0 for a run that is resolved", commands: resolved, code: 0, line: "RESOLVED: Every step is done." },
    { name: "1 for one that was stopped", commands: [start, stopped], code: 1, line: "STOPPED: it is up" },
    {
      name: "1 for one that was aborted",
      commands: [start, aborted],
      code: 1,
      line: "ABORTED: Aborted by alice: enough.",
    },
  ])("gives $name, and prints how it ended", async ({ commands, code, line }) => {
    const world = follow(commands);
    expect(await world.code).toBe(code);
    expect(world.out.at(-1)).toBe(line);
    expect(world.subscribers()).toBe(0);
  });

  it("gives 2 for a run that is not there", async () => {
    expect(await follow([]).code).toBe(2);
  });

  it("prints each thing once, however often the run is looked at", async () => {
    const world = follow([start]);
    for (const commands of [toManual, toManual, toPlanning, toGate, [...toGate, yes("bob")], resolved]) {
      await world.change(commands);
    }
    expect(await world.code).toBe(0);
    for (const line of [
      "    approved by bob",
      "    Is the machine gone?",
      "      sealwatch approve R1 remove.1 --plan ",
    ])
      expect(world.out.filter((printed) => printed.startsWith(line))).toHaveLength(1);
  });

  it("asks nothing where nobody must decide: checks, polls, gates that another person answers", async () => {
    const world = follow([start], answering());
    for (const commands of [toPlanning, toGate, [...toGate, yes("bob")], toAttempted]) await world.change(commands);
    await world.change(resolved);
    expect(await world.code).toBe(0);
    expect(world.questions).toEqual([]);
  });

  it("asks nobody when the terminal is not interactive", async () => {
    const world = follow(toManual);
    await world.change([...toManual, aborted]);
    expect(await world.code).toBe(1);
    expect(world.questions).toEqual([]);
    expect(world.requests).toEqual([]);
  });

  it.each([
    {
      name: "confirms manual work",
      at: toManual,
      typed: ["confirm-manual"],
      question: "  confirm-manual / skip / abort ? ",
      request: { type: "confirm-manual", runId: "R1", step: "gone", by: alice },
    },
    {
      name: "retries what is stuck, spaces or not",
      at: [start, denied],
      typed: ["  retry "],
      question: "  retry / skip / abort ? ",
      request: { type: "retry", runId: "R1", step: "peers", by: alice },
    },
    {
      name: "skips with a reason",
      at: [start, denied],
      typed: ["skip", "it is known"],
      question: "  retry / skip / abort ? ",
      request: { type: "skip", runId: "R1", step: "peers", by: alice, reason: "it is known" },
    },
    {
      name: "aborts with a reason",
      at: [start, denied],
      typed: ["abort", "enough"],
      question: "  retry / skip / abort ? ",
      request: { type: "abort", runId: "R1", by: alice, reason: "enough" },
    },
    {
      name: "decides what an unknown call did",
      at: [...toAttempted, performed, { ...probed, at: T0 + 60_000, verdict: "unknown" as const }],
      typed: ["mark-done", "seen by hand"],
      question: "  mark-done / retry / abort ? ",
      request: { type: "mark-done", runId: "R1", step: "remove", by: alice, reason: "seen by hand" },
    },
    {
      name: "asks for an unknown call again only with a reason",
      at: [...toAttempted, performed, { ...probed, at: T0 + 60_000, verdict: "unknown" as const }],
      typed: ["retry", "raft still lists it"],
      question: "  mark-done / retry / abort ? ",
      request: { type: "retry", runId: "R1", step: "remove", by: alice, reason: "raft still lists it" },
    },
  ])("$name", async ({ at, typed, question, request }) => {
    const world = follow(at, answering(...typed), [...at, aborted]);
    await world.code;
    expect(world.questions[0]).toBe(question);
    expect(world.requests).toEqual([request]);
  });

  it.each([
    { name: "what is none of the choices", typed: ["yes"], says: '  "yes" is none of the choices' },
    { name: "a choice of another moment", typed: ["mark-done"], says: '  "mark-done" is none of the choices' },
    { name: "a skip without a reason", typed: ["skip", "  "], says: "  a reason is needed" },
  ])("refuses $name and asks again", async ({ typed, says }) => {
    const world = follow([start, denied], answering(...typed, "retry"), [start, denied, aborted]);
    await world.code;
    expect(world.err).toContain(says);
    expect(world.requests.map(({ type }) => type)).toEqual(["retry"]);
  });

  it("asks again without a word after an empty line", async () => {
    const world = follow([start, denied], answering("", "retry"), [start, denied, aborted]);
    await world.code;
    expect(world.err).toEqual([]);
    expect(world.questions).toHaveLength(2);
  });

  it("says why the engine refused an answer, and asks again", async () => {
    const world = follow(
      [start, denied],
      answering("retry", "retry"),
      [start, denied, aborted],
      [{ ok: false, why: "alice may not retry steps", code: "role" }],
    );
    await world.code;
    expect(world.err).toEqual(["  alice may not retry steps"]);
    expect(world.requests).toHaveLength(2);
  });

  it("takes back a question that someone else answered", async () => {
    const signals: AbortSignal[] = [];
    const world = follow([start, denied], async (_question, signal) => {
      signals.push(signal);
      return await untilAborted(signal);
    });
    await waitFor("the question", async () => (signals.length > 0 ? true : undefined));
    await world.change([start, denied, skipped("peers", T0 + 2)]);
    await waitFor("the end of the question", async () => (signals[0]?.aborted === true ? true : undefined));
    await world.change([start, denied, aborted]);
    expect(await world.code).toBe(1);
  });

  it("asks no more when the input has ended, and goes on to follow", async () => {
    const world = follow([start, denied], async () => undefined);
    await waitFor("the question", async () => (world.questions.length > 0 ? true : undefined));
    await world.change([start, denied, aborted]);
    expect(await world.code).toBe(1);
    expect(world.questions).toHaveLength(1);
  });

  it("leaves the run open when it is interrupted, and says how to go on", async () => {
    const world = follow(toManual, async (_question, signal) => await untilAborted(signal));
    await waitFor("the question", async () => (world.questions.length > 0 ? true : undefined));
    world.interrupt();
    expect(await world.code).toBe(1);
    expect(world.err).toEqual(["the run stays open; go on with: sealwatch follow R1"]);
    expect(world.requests).toEqual([]);
    expect(world.subscribers()).toBe(0);
  });
});

/** Gives the typed lines in order; then nobody answers any more. */
function answering(...typed: readonly string[]): Io["ask"] {
  const left = [...typed];
  return async (_question, signal) => left.shift() ?? (await untilAborted(signal));
}

async function untilAborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, "abort");
  return undefined;
}

/** Follows a run that stands where the commands lead; `after` is where an answer that is taken leads. */
function follow(
  commands: readonly RunCommand[],
  ask?: Io["ask"],
  after: readonly RunCommand[] = [],
  refusals: readonly RunAnswer[] = [],
) {
  let current = commands;
  const questions: string[] = [];
  const requests: RunRequest[] = [];
  const listeners = new Set<(runId: string) => void>();
  const left = [...refusals];
  const tell = (): void => {
    for (const listener of listeners) listener("R1");
  };
  const unused = async (): Promise<never> => await Promise.reject(new Error("following needs no more than this"));
  const runs: RunService = {
    start: unused,
    list: unused,
    summaries: unused,
    noteAlert: unused,
    get: async () => {
      const { run, events } = play(current);
      return run.status === "none" ? undefined : { run, version: events.length, head: "" };
    },
    ask: async (request) => {
      requests.push(request);
      const refused = left.shift();
      if (refused !== undefined) return refused;
      current = after;
      tell();
      return { ok: true, runId: request.runId };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const noting: Io["ask"] | undefined =
    ask === undefined
      ? undefined
      : async (question, signal) => {
          if (!question.includes("reason")) questions.push(question);
          return await ask(question, signal);
        };
  const { io, out, err } = captureIo(noting);
  const interrupted = new AbortController();
  const code = followRun("R1", { io, runs, who: async () => await Promise.resolve(alice), signal: interrupted.signal });
  return {
    code,
    out,
    err,
    questions,
    requests,
    subscribers: () => listeners.size,
    interrupt: () => interrupted.abort(),
    change: async (next: readonly RunCommand[]) => {
      current = next;
      tell();
      await new Promise((resolve) => void setImmediate(resolve));
    },
  };
}
