import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { replay } from "../../../src/engine/evolve.ts";
import type { FinishedRun, OpenRun, Values } from "../../../src/engine/run.ts";
import type { Timestamp } from "../../../src/lib/clock.ts";
import { Runbook } from "../../../src/runbook/schema.ts";
import { chartsOf } from "../../../src/slack/render/charts.ts";
import { alice, bob, gate, started, T0 } from "../timeline.ts";

const text = {
  title: "Step down",
  alerts: [],
  meaning: "m",
  impact: "i",
  verify: "v",
  escalate: "e",
  inputs: { cluster: { type: "cluster" }, node: { type: "node" } },
};

const looked = Runbook.parse({
  ...text,
  id: "looked",
  steps: [
    { id: "latency", title: "Latency", check: "prometheus.query-range", with: { query: "up", unit: "s" } },
    { id: "before", title: "Leases before", check: "vault.leases-count" },
    {
      id: "lag_before",
      title: "Lag before",
      wait: "vault.caught-up",
      until: "result.caught_up",
      timeout: "1m",
      with: { node: "${inputs.node}" },
    },
    { id: "below", title: "Below", check: "vault.leases", with: { prefix: "database/" } },
    { id: "step_down", title: "Make the leader step down", do: "vault.step-down" },
    { id: "after", title: "Leases after", check: "vault.leases-count" },
    { id: "lag_after", title: "Lag after", check: "vault.caught-up", with: { node: "${inputs.node}" } },
    { id: "lag_other", title: "Lag of another", check: "vault.caught-up", with: { node: "vault-0" } },
    { id: "below_after", title: "Below after", check: "vault.leases", with: { prefix: "database/" } },
    { id: "below_other", title: "Below another", check: "vault.leases", with: { prefix: "pki/" } },
    {
      id: "each",
      title: "Each",
      forEach: "['vault-0', 'vault-1']",
      as: "node",
      steps: [{ id: "lag", title: "Lag", check: "vault.caught-up", with: { node: "${node}" } }],
    },
  ],
});

type AnyRun = OpenRun | FinishedRun;

function runOf(...events: readonly RunEvent[]): AnyRun {
  const begun = started("R1");
  const run = replay([{ ...begun, ...(begun.type === "RunStarted" ? { runbook: looked } : {}) }, ...events]);
  if (run.status === "none") throw new Error("the run did not start");
  return run;
}

function succeeded(step: string, at: Timestamp, result: Values): readonly RunEvent[] {
  return [
    { type: "StepStarted", at: at - 500, step, title: `Title of ${step}` },
    { type: "StepSucceeded", at, step, result, text: "looked", by: undefined },
  ];
}

const range = (change: Values = {}): Values => ({
  found: true,
  from: T0 - 4000,
  to: T0,
  step: 1000,
  unit: "s",
  series: [{ labels: '{node="vault-0"}', points: [1, 2, 5], gaps: [2, 3] }],
  ...change,
});

const leases = (total: number, irrevocable = 0, known = true): Values => ({ total_known: known, total, irrevocable });
const below = (count: number, more = false): Values => ({ leases: count, more });
const lag = (entries: number, known = true): Values => ({ known, leader_index: 900, lag: entries });

describe("the chart of how a value went", () => {
  it("puts every number at its step, and leaves gaps out", () => {
    const [chart] = chartsOf(runOf(...succeeded("latency", T0 + 2000, range())), "latency");
    expect(chart).toEqual({
      title: "Title of latency",
      unit: "s",
      series: [
        {
          name: "vault-0",
          points: [
            [T0 - 4000, 1],
            [T0 - 3000, 2],
            [T0, 5],
          ],
        },
      ],
      marks: [{ at: T0, label: "run started" }],
    });
  });

  it.each([
    { name: "of an older version, without points", result: { found: true, series: [{ labels: "{}", chart: "▁▂" }] } },
    { name: "that found nothing", result: range({ series: [] }) },
    {
      name: "whose points were too much to store",
      result: range({ series: [{ labels: "{}", points: [], gaps: [] }] }),
    },
    { name: "that makes no sense", result: range({ step: 0 }) },
  ])("is not drawn of a result $name", ({ result }) => {
    expect(chartsOf(runOf(...succeeded("latency", T0 + 2000, result)), "latency")).toEqual([]);
  });

  it("says how many of the series it shows", () => {
    const series = [
      { labels: '{n="a"}', points: [1], gaps: [] },
      { labels: '{n="b"}', points: [], gaps: [] },
    ];
    const [chart] = chartsOf(runOf(...succeeded("latency", T0 + 2000, range({ count: 12, series }))), "latency");
    expect(chart?.title).toBe("Title of latency (1 of 12 series)");
  });

  it("marks what happened until then, and nothing later: a chart never changes", () => {
    const approved: readonly RunEvent[] = [
      { type: "GateOpened", at: T0 + 3000, gate: gate() },
      { type: "GateVoted", at: T0 + 4000, gate: "step_down.1", by: bob },
      { type: "GateAgreed", at: T0 + 5000, gate: "step_down.1" },
    ];
    const early = runOf(...succeeded("latency", T0 + 2000, range()), ...approved);
    expect(chartsOf(early, "latency")[0]?.marks).toEqual([{ at: T0, label: "run started" }]);
    const late = runOf(...approved, ...succeeded("latency", T0 + 9000, range()));
    expect(chartsOf(late, "latency")[0]?.marks).toEqual([
      { at: T0, label: "run started" },
      { at: T0 + 5000, label: "vault.step-down approved" },
    ]);
  });

  it("marks no call that nobody approved", () => {
    const rejected: readonly RunEvent[] = [
      { type: "GateOpened", at: T0 + 3000, gate: gate() },
      { type: "GateRejected", at: T0 + 5000, gate: "step_down.1", by: alice, reason: "not now" },
    ];
    const run = runOf(...rejected, ...succeeded("latency", T0 + 9000, range()));
    expect(chartsOf(run, "latency")[0]?.marks).toEqual([{ at: T0, label: "run started" }]);
  });
});

describe("the chart of a count before and now", () => {
  it("is of the second of two results", () => {
    const run = runOf(
      ...succeeded("before", T0 + 1000, leases(48_210, 3)),
      ...succeeded("after", T0 + 60_000, leases(1204, 0)),
    );
    expect(chartsOf(run, "before")).toEqual([]);
    expect(chartsOf(run, "after")).toEqual([
      {
        title: "Leases, before and now",
        unit: "leases",
        series: [
          {
            name: "all",
            points: [
              [T0 + 1000, 48_210],
              [T0 + 60_000, 1204],
            ],
          },
          {
            name: "irrevocable",
            points: [
              [T0 + 1000, 3],
              [T0 + 60_000, 0],
            ],
          },
        ],
        marks: [{ at: T0, label: "run started" }],
      },
    ]);
  });

  it("leaves out a total that was not known", () => {
    const run = runOf(
      ...succeeded("before", T0 + 1000, leases(0, 3, false)),
      ...succeeded("after", T0 + 60_000, leases(1204, 0)),
    );
    expect(chartsOf(run, "after")[0]?.series.map(({ name }) => name)).toEqual(["irrevocable"]);
  });

  it("compares a node with itself, whether its name was written or given", () => {
    const run = runOf(
      ...succeeded("lag_before", T0 + 1000, lag(182_311)),
      ...succeeded("lag_after", T0 + 60_000, lag(12)),
      ...succeeded("lag_other", T0 + 61_000, lag(5)),
    );
    expect(chartsOf(run, "lag_after")[0]).toMatchObject({
      title: "Raft entries behind the leader, before and now",
      unit: "entries",
      series: [
        {
          name: "vault-2",
          points: [
            [T0 + 1000, 182_311],
            [T0 + 60_000, 12],
          ],
        },
      ],
    });
    expect(chartsOf(run, "lag_other")).toEqual([]);
  });

  it("shows all nodes that were read before, when one of them is read again in a round", () => {
    const run = runOf(
      ...succeeded("lag_before", T0 + 1000, lag(7)),
      ...succeeded("lag_after", T0 + 2000, lag(6)),
      ...succeeded("lag_other", T0 + 3000, lag(5)),
      { type: "LoopBegun", at: T0 + 4000, step: "each", items: ["vault-0", "vault-1"] },
      ...succeeded("each[0].lag", T0 + 5000, lag(4)),
      ...succeeded("each[1].lag", T0 + 6000, lag(3)),
    );
    expect(chartsOf(run, "each[0].lag")[0]?.series.map(({ name, points }) => [name, points.length])).toEqual([
      ["vault-2", 2],
      ["vault-0", 2],
    ]);
    expect(chartsOf(run, "each[1].lag")).toEqual([]);
  });

  it("leaves out a node that is no member", () => {
    const run = runOf(
      ...succeeded("lag_before", T0 + 1000, lag(0, false)),
      ...succeeded("lag_after", T0 + 60_000, lag(12)),
    );
    expect(chartsOf(run, "lag_after")).toEqual([]);
  });

  it("compares only leases below the same prefix, and none of which there were more", () => {
    const run = runOf(
      ...succeeded("below", T0 + 1000, below(900)),
      ...succeeded("below_after", T0 + 2000, below(3)),
      ...succeeded("below_other", T0 + 3000, below(9)),
    );
    expect(chartsOf(run, "below_after")[0]?.series).toEqual([
      {
        name: "database/",
        points: [
          [T0 + 1000, 900],
          [T0 + 2000, 3],
        ],
      },
    ]);
    expect(chartsOf(run, "below_other")).toEqual([]);
    const cut = runOf(
      ...succeeded("below", T0 + 1000, below(100_000, true)),
      ...succeeded("below_after", T0 + 2000, below(3)),
    );
    expect(chartsOf(cut, "below_after")).toEqual([]);
  });

  it("is not drawn of a step that is not done, or is not there", () => {
    const run = runOf(...succeeded("before", T0 + 1000, leases(5)), {
      type: "StepStarted",
      at: T0 + 2000,
      step: "after",
      title: "Leases after",
    });
    expect(chartsOf(run, "after")).toEqual([]);
    expect(chartsOf(run, "no_such_step")).toEqual([]);
    expect(chartsOf(run, "step_down")).toEqual([]);
  });
});
