import { describe, it } from "@jest/globals";
import fc from "fast-check";
import type { RunEvent } from "../../../src/engine/events.ts";
import type { OpenRun } from "../../../src/engine/run.ts";
import { answerModal } from "../../../src/slack/modals/answer.ts";
import { breakGlassModal } from "../../../src/slack/modals/break-glass.ts";
import { confirmGateModal } from "../../../src/slack/modals/confirm-gate.ts";
import { reasonModal } from "../../../src/slack/modals/reason.ts";
import { VIEWS } from "../../../src/slack/ids.ts";
import { alertCard } from "../../../src/slack/render/alert-card.ts";
import { alertResolved } from "../../../src/slack/render/alert-resolved.ts";
import { closedMessage } from "../../../src/slack/render/closed.ts";
import type { RunContext } from "../../../src/slack/render/run-context.ts";
import {
  ALERT,
  alertGroup,
  asked,
  attached,
  bob,
  broken,
  cancelled,
  checked,
  deepRun,
  finished,
  gate,
  gateOpened,
  held,
  lockedOut,
  manualBegun,
  started,
  stuck,
  T0,
  unknown,
} from "../timeline.ts";
import { draw, FACTS, loaded, MINUTE } from "./draw.ts";
import { expectHarmless, expectHarmlessView, hostile } from "./hostile.ts";

const orX = (text: string): string => (text === "" ? "x" : text);

/** Somebody with a foreign name started a runbook with a foreign title, on a cluster and with inputs of foreign names. */
function begun(foreign: string): RunEvent {
  const by = { id: "eve", name: orX(foreign) };
  const inputs = { [orX(foreign)]: foreign, cluster: foreign, list: [foreign, { [orX(foreign)]: foreign }] };
  return { ...started("R1", { surface: "cli" }, foreign), by, inputs, cluster: foreign } as RunEvent;
}

/** A gate of which everything is foreign. */
function foreignGate(foreign: string): Parameters<typeof gateOpened>[0] {
  const { plan } = gate();
  return {
    plan: {
      ...plan,
      call: { name: foreign, with: { node: foreign } },
      explain: { call: foreign, cost: foreign, proof: foreign },
      cluster: foreign,
      clusterId: foreign,
      preconditions: Array.from({ length: 20 }, (_, index) => ({ name: "n", ok: index > 0, value: 1, text: foreign })),
    },
    groups: [foreign, foreign],
    differences: [foreign, foreign],
    phrase: foreign,
    votes: [{ by: { id: "eve", name: orX(foreign) }, at: T0 + 3500 }],
    approvals: 2,
  };
}

/** A run in every phase, with foreign text wherever text can be. */
function timelines(foreign: string): readonly (readonly RunEvent[])[] {
  const eve = { id: "eve", name: orX(foreign) };
  const said: RunEvent = { type: "Said", at: T0, text: foreign, by: eve };
  const atGate = gateOpened(foreignGate(foreign));
  const of = "step_down.1";
  const at = T0 + 9000;
  const first = begun(foreign);
  return [
    [first, ...checked(foreign), said, ...atGate],
    [first, ...gateOpened({ ...foreignGate(foreign), phrase: undefined })],
    [first, ...atGate, { type: "GateRejected", at, gate: of, by: eve, reason: foreign }, ...stuck(foreign).slice(1)],
    [first, ...atGate, { type: "GateVoided", at, gate: of, differences: [foreign] }],
    [first, ...atGate, { ...cancelled(), by: eve, reason: foreign } as RunEvent],
    [first, ...manualBegun(foreign)],
    [first, ...stuck(foreign)],
    [first, ...asked({ type: "enum", options: [orX(foreign)] })],
    [first, ...asked({ type: "string", pattern: foreign })],
    [first, ...held()],
    [first, ...lockedOut(foreign)],
    [first, ...unknown()],
    deepRun(orX(foreign)),
    [{ ...first, dryRun: true, drill: true } as RunEvent, ...broken(foreign), ...attached(foreign)],
    [first, said, ...atGate, ...attached(foreign), { ...finished(), text: foreign } as RunEvent],
  ];
}

/** Late in a night, on a cluster of which everything is foreign. */
function context(foreign: string, steps: RunContext["steps"]): Partial<RunContext> {
  const node = { name: foreign, state: "sealed" as const, version: foreign };
  return {
    steps,
    now: T0 + 28 * MINUTE,
    facts: { ...FACTS, cluster: foreign, sealType: foreign, nodes: Array.from({ length: 30 }, () => node) },
    // What cannot be called is left out.
    approversOf: () => [foreign],
    memberOf: () => foreign,
    waits: {
      remindAfterMs: MINUTE,
      escalateAfterMs: MINUTE,
      escalateTo: "C0ONCALL",
      postedAt: () => T0 + 5000,
      linkOf: () => "https://slack.example/archives/C1/p1",
    },
  };
}

describe("whatever is in a run", () => {
  it.each([{ steps: "classic" as const }, { steps: "plan" as const }])(
    "every message of it is taken by Slack, and nothing foreign in it works ($steps)",
    ({ steps }) => {
      fc.assert(
        fc.property(hostile, (foreign) => {
          for (const events of timelines(foreign))
            for (const message of draw(events, context(foreign, steps)).messages) expectHarmless(message);
        }),
        { numRuns: 40 },
      );
    },
  );

  it("a question that was closed is harmless too, with or without what it said before", () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        const { run } = loaded([begun(foreign), ...stuck(foreign), { ...finished(), text: foreign } as RunEvent]);
        const [before] = draw([begun(foreign), ...stuck(foreign)]).messages.filter(({ mode }) => mode === "open");
        expectHarmless(closedMessage(run, "stuck", "step_down", undefined));
        expectHarmless(closedMessage(run, "stuck", "step_down", before));
      }),
      { numRuns: 40 },
    );
  });

  it("every form of it is taken by Slack, and nothing foreign in it works", () => {
    const place = { channel: "C1", threadTs: "1.000100" };
    fc.assert(
      fc.property(hostile, (foreign) => {
        const run = openRun([begun(foreign), ...gateOpened(foreignGate(foreign))]);
        const [record] = run.gates;
        if (record === undefined) throw new Error("the run has no gate");
        expectHarmlessView(confirmGateModal({ run, gate: record.gate, place, now: T0 }));
        expectHarmlessView(breakGlassModal({ run, gate: record.gate }, place));
        expectHarmlessView(
          reasonModal({ callbackId: VIEWS.abort, title: "Abort the run", ask: "Why?", run, what: "", place }),
        );
        const asking = openRun([begun(foreign), ...asked({ type: "enum", options: [orX(foreign)] })]);
        if (asking.phase.name === "asking")
          expectHarmlessView(answerModal({ run: asking, phase: asking.phase, clusters: [], place }));
      }),
      { numRuns: 100 },
    );
  });
});

describe("sixty steps with ten kilobytes each", () => {
  it.each([{ steps: "classic" as const }, { steps: "plan" as const }])(
    "fit, message by message ($steps)",
    ({ steps }) => {
      const output = 'A line of what a node said, with <angle> & "quotes" and 漢字.\n'.repeat(160);
      const events = sixtySteps(output);
      const { messages } = draw(events, { steps });
      for (const message of messages) expectHarmless(message);
      const long = messages.filter(({ file }) => file !== undefined);
      if (long.length !== 60) throw new Error(`${long.length} of 60 outputs became a file`);
    },
  );
});

describe("whatever is in an alert", () => {
  it("its card and its end are taken by Slack, and nothing foreign in them works", () => {
    fc.assert(
      fc.property(hostile, fc.nat({ max: 60 }), (foreign, count) => {
        const labels = { alertname: foreign, severity: foreign, vault_cluster: foreign, [orX(foreign)]: foreign };
        const alerts = Array.from({ length: count }, (_, index) => ({
          ...ALERT,
          labels: { ...labels, vault_node: `${foreign}${index % 20}` },
          annotations: { summary: foreign, runbook_url: index % 2 === 0 ? foreign : "https://sealwatch.example/x" },
        }));
        const runs = [loaded([begun(foreign), ...gateOpened(foreignGate(foreign))]).run];
        const runbook = { id: "r", title: foreign };
        const others = [runbook, runbook];
        for (const status of ["firing", "resolved"] as const) {
          const group = alertGroup(status, { alerts, key: foreign });
          const card = { group, id: "0123456789ab", runbook, others, runs, externalUrl: "https://sealwatch.example" };
          expectHarmless(alertCard(card));
          const reply = alertResolved(card);
          if (reply !== undefined) expectHarmless(reply);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function openRun(events: readonly RunEvent[]): OpenRun {
  const { run } = loaded(events);
  if (run.status !== "open") throw new Error("the run ended");
  return run;
}

function sixtySteps(output: string): readonly RunEvent[] {
  const [first, ...rest] = deepRun("A step");
  const ids = [0, 1, 2, 3].flatMap((outer) =>
    [0, 1, 2].flatMap((inner) =>
      [1, 2, 3, 4, 5].map((step) => `clusters[${outer}].nodes[${inner}].a_step_with_a_long_name_${step}`),
    ),
  );
  const done = ids.flatMap((step, index): RunEvent[] => [
    { type: "StepStarted", at: T0 + 100 + index, step, title: `Step ${index}` },
    { type: "StepSucceeded", at: T0 + 101 + index, step, result: {}, text: output, by: bob },
  ]);
  const blocks = rest.filter(({ type }) => type === "LoopBegun");
  if (first === undefined) throw new Error("the timeline is empty");
  return [first, ...blocks, ...done, ...rest.slice(blocks.length)];
}
