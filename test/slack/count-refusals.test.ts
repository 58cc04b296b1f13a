import { describe, expect, it } from "@jest/globals";
import { REFUSALS } from "../../src/engine/decision.ts";
import type { RunAnswer } from "../../src/runner/ports.ts";
import { countRefusals } from "../../src/slack/count-refusals.ts";
import type { SlackRefusal } from "../../src/slack/observer.ts";
import { memoryRuns } from "./memory.ts";
import { recordingObserver } from "./transport/serve.ts";

type Code = Extract<RunAnswer, { ok: false }>["code"];

const BY = { id: "alice", name: "alice", role: "responder", groups: [] } as const;

async function countedFor(answer: RunAnswer): Promise<readonly SlackRefusal[]> {
  const runs = memoryRuns();
  runs.answer = () => answer;
  runs.answerStart = () => answer;
  const observer = recordingObserver();
  const counted = countRefusals(runs, observer);
  expect(await counted.ask({ type: "note", runId: "R1", by: BY, text: "x" })).toEqual(answer);
  expect(await counted.start({ runbook: "x", inputs: {}, by: BY, origin: { surface: "slack" } })).toEqual(answer);
  return observer.refusals;
}

describe("what the run service refuses to people in slack", () => {
  it.each([
    { code: "role", reason: "role" },
    { code: "group", reason: "role" },
    { code: "self-approval", reason: "self_approval" },
    { code: "ended", reason: "stale" },
    { code: "expired", reason: "stale" },
    { code: "changed", reason: "stale" },
    { code: "no-such-run", reason: "unknown_action" },
    { code: "secret", reason: "secret" },
    { code: "phrase", reason: "refused" },
  ] as const satisfies readonly { code: Code; reason: SlackRefusal }[])(
    "$code counts as $reason",
    async ({ code, reason }) => {
      expect(await countedFor({ ok: false, why: "because", code })).toEqual([reason, reason]);
    },
  );

  it.each(REFUSALS.map((code) => ({ code })))("$code counts as something", async ({ code }) => {
    for (const reason of await countedFor({ ok: false, why: "because", code })) expect(reason).toMatch(/^[a-z_]+$/u);
  });

  it("does not count what happened", async () => {
    expect(await countedFor({ ok: true, runId: "R1" })).toEqual([]);
  });
});
