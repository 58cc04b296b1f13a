import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { initialRun, replay } from "../../../src/engine/evolve.ts";
import { expose } from "../../../src/exporter/expose.ts";
import { RUN_FAMILIES } from "../../../src/exporter/runs/run-families.ts";
import { createRunMetrics, type RunMetrics, type RunMetricsOptions } from "../../../src/exporter/runs/run-metrics.ts";
import type { RunSource } from "../../../src/exporter/runs/run-gauges.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import type { Appended } from "../../../src/runner/timeline.ts";
import type { RunSummary } from "../../../src/runner/ports.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import { atGate, began, manual, NIGHT, resolved } from "../../web/runs.ts";

const DAY_S = 86_400;

function metrics(change: Partial<RunMetricsOptions> = {}): RunMetrics {
  return createRunMetrics({
    clusters: ["prod", "staging"],
    drills: () => [
      { runbook: "lost-peer", drillEveryMs: 90 * DAY_S * 1000 },
      { runbook: "sealed-node", drillEveryMs: undefined },
    ],
    reasons: ["role", "secret"],
    clock: { now: () => NIGHT },
    timers: { after: () => () => {} },
    logger: silentLogger,
    ...change,
  });
}

const summary = (change: Partial<RunSummary> = {}): RunSummary => ({
  runbook: "lost-peer",
  cluster: "prod",
  state: "waiting",
  phase: "gate",
  startedAt: NIGHT,
  startedBy: "alice",
  finishedAt: undefined,
  drill: false,
  driver: "here:7:abc",
  ...change,
});

const ended = (change: Partial<RunSummary>): RunSummary =>
  summary({ phase: "finished", state: "resolved", finishedAt: NIGHT, ...change });

/** A store with one run for each summary. */
async function keep(...summaries: readonly RunSummary[]) {
  const store = createMemoryStore();
  for (const [index, each] of summaries.entries()) {
    const runId = `R${index + 1}`;
    const begin = began({ runId });
    const end: RunEvent = { type: "RunFinished", at: NIGHT, result: "resolved", text: "", by: undefined };
    await store.runs.append(runId, 0, each.finishedAt === undefined ? [begin] : [begin, end], each);
  }
  return store;
}

function appended(events: readonly RunEvent[], from: number): Appended {
  const before = from === 0 ? initialRun : replay(events.slice(0, from));
  const after = replay(events.slice(from), before);
  if (after.status === "none") throw new Error("no run");
  return { before, events: events.slice(from), after };
}

/** Tells of each event of a timeline as an append of its own, as it is in life. */
function live(one: RunMetrics, events: readonly RunEvent[]): void {
  for (const index of events.keys()) one.observer.appended(appended(events.slice(0, index + 1), index));
}

async function page(one: RunMetrics, source: RunSource): Promise<string> {
  return expose(await one.families(source));
}

describe("the metrics of runs", () => {
  it("count open runs by what they wait for, and tell unknown ones for every cluster, 0 too", async () => {
    const store = await keep(
      summary(),
      summary(),
      summary({ runbook: "sealed-node", phase: "unknown", cluster: "staging" }),
      ended({}),
    );
    const text = await page(metrics(), store);
    expect(text).toContain('sealwatch_runs_open{vault_cluster="prod",runbook="lost-peer",phase="gate"} 2\n');
    expect(text).toContain('sealwatch_runs_open{vault_cluster="staging",runbook="sealed-node",phase="unknown"} 1\n');
    expect(text.match(/^sealwatch_runs_open\{/gmu)).toHaveLength(2);
    expect(text).toContain('sealwatch_runs_unknown{vault_cluster="prod"} 0\n');
    expect(text).toContain('sealwatch_runs_unknown{vault_cluster="staging"} 1\n');
    expect(text).toContain("sealwatch_runs_readable 1\n");
  });

  it("tell since when a lock is held, and nothing while it is free", async () => {
    const store = await keep(summary());
    expect(await page(metrics(), store)).not.toContain("sealwatch_cluster_lock_held_since_timestamp_seconds{");
    await store.locks.acquire("prod", "R1", NIGHT);
    expect(await page(metrics(), store)).toContain(
      `sealwatch_cluster_lock_held_since_timestamp_seconds{vault_cluster="prod"} ${NIGHT / 1000}\n`,
    );
  });

  it("know the last drill from the store, so that a restart forgets none; only one that was resolved counts", async () => {
    const drill = (at: number, state: string): RunSummary => ended({ drill: true, finishedAt: at, state });
    const store = await keep(
      drill(NIGHT - 5000, "resolved"),
      drill(NIGHT - 1000, "aborted"),
      drill(NIGHT - 500, "planned"),
      ended({ finishedAt: NIGHT - 100 }),
    );
    const text = await page(metrics(), store);
    expect(text).toContain(
      `sealwatch_runbook_last_drill_timestamp_seconds{runbook="lost-peer"} ${(NIGHT - 5000) / 1000}\n`,
    );
    expect(text).not.toContain('last_drill_timestamp_seconds{runbook="sealed-node"}');
    expect(text).toContain(`sealwatch_runbook_drill_interval_seconds{runbook="lost-peer"} ${90 * DAY_S}\n`);
    expect(text).not.toContain('drill_interval_seconds{runbook="sealed-node"}');
  });

  it("give 0 for a runbook that should be practised and never was", async () => {
    expect(await page(metrics(), await keep())).toContain(
      'sealwatch_runbook_last_drill_timestamp_seconds{runbook="lost-peer"} 0\n',
    );
  });

  it("look drills up once in five minutes, however often they are scraped", async () => {
    const store = await keep();
    const asked: (string | undefined)[] = [];
    let now = NIGHT;
    const one = metrics({ clock: { now: () => now } });
    const source: RunSource = {
      locks: store.locks,
      runs: {
        list: async (filter) => {
          asked.push(filter.runbook);
          return await store.runs.list(filter);
        },
      },
    };
    const drillsAsked = (): number => asked.filter((runbook) => runbook === "lost-peer").length;
    await page(one, source);
    now += 299_000;
    await page(one, source);
    expect(drillsAsked()).toBe(1);
    now += 1000;
    await page(one, source);
    expect(drillsAsked()).toBe(2);
  });

  it("measure steps by kind and gates by danger and outcome, and count how runs end", async () => {
    const one = metrics();
    live(one, resolved);
    const text = await page(one, await keep());
    expect(text).toContain('sealwatch_run_step_duration_seconds_count{runbook="lost-peer",kind="check"} 1\n');
    expect(text).toContain('sealwatch_run_step_duration_seconds_sum{runbook="lost-peer",kind="manual"} 57.6\n');
    expect(text).toContain('sealwatch_run_gate_wait_seconds_sum{danger="destructive",outcome="agreed"} 33\n');
    expect(text).toContain('sealwatch_run_gate_wait_seconds_bucket{le="60",danger="destructive",outcome="agreed"} 1\n');
    expect(text).toContain('sealwatch_runs_finished_total{runbook="lost-peer",result="resolved"} 1\n');
    expect(text).toContain('sealwatch_runs_finished_total{runbook="lost-peer",result="failed"} 0\n');
    expect(text).toContain('sealwatch_runs_finished_total{runbook="sealed-node",result="planned"} 0\n');
  });

  it("count a gate once that was agreed to and voided afterwards, and none that is still open", async () => {
    const one = metrics();
    const agreed: readonly RunEvent[] = [
      ...atGate,
      { type: "GateVoted", at: NIGHT + 95_000, gate: "remove.1", by: { id: "carol", name: "Carol" } },
      { type: "GateAgreed", at: NIGHT + 95_000, gate: "remove.1" },
      { type: "GateVoided", at: NIGHT + 96_000, gate: "remove.1", differences: ["it changed"] },
    ];
    live(one, agreed);
    const text = await page(one, await keep());
    expect(text.match(/gate_wait_seconds_count\{.*/gu)).toEqual([
      'gate_wait_seconds_count{danger="destructive",outcome="agreed"} 1',
    ]);
  });

  it("count break-glass, and refused approvals by reason from 0 on; other refusals are no approvals", async () => {
    const one = metrics();
    live(one, [
      ...atGate,
      { type: "GateBroken", at: NIGHT + 99_000, gate: "remove.1", by: { id: "dave", name: "Dave" }, reason: "fire" },
    ]);
    one.observer.refused("approve", "role");
    one.observer.refused("retry", "role");
    const text = await page(one, await keep());
    expect(text).toContain("sealwatch_break_glass_total 1\n");
    expect(text).toContain('gate_wait_seconds_count{danger="destructive",outcome="broken"} 1\n');
    expect(text).toContain('sealwatch_approvals_refused_total{reason="role"} 1\n');
    expect(text).toContain('sealwatch_approvals_refused_total{reason="secret"} 0\n');
  });

  it("stay on the page without what is stored when the store fails", async () => {
    const one = metrics();
    const broken = async (): Promise<never> => await Promise.reject(new Error("the disk is full"));
    const text = await page(one, { runs: { list: broken }, locks: { list: broken } });
    expect(text).toContain("sealwatch_runs_readable 0\n");
    expect(text).toContain("sealwatch_break_glass_total 0\n");
    expect(text).not.toContain("sealwatch_runs_open{");
  });

  it("wait no longer for a store than they must", async () => {
    const waits: number[] = [];
    const one = metrics({
      timers: {
        after: (milliseconds, callback) => {
          waits.push(milliseconds);
          callback();
          return () => {};
        },
      },
    });
    const never = async (): Promise<never> => await new Promise(() => {});
    expect(await page(one, { runs: { list: never }, locks: { list: never } })).toContain("sealwatch_runs_readable 0\n");
    expect(waits).toEqual([2000]);
  });

  it("stay below 200 series with a run in every phase and whole runs behind them", async () => {
    const one = metrics();
    live(one, resolved);
    live(one, manual);
    const phases = ["checking", "waiting", "manual", "asking", "locking", "planning", "gate", "unknown", "stuck"];
    const store = await keep(...phases.map((phase) => summary({ phase })));
    const text = await page(one, store);
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length).toBeLessThan(200);
  });

  it("show only families that are declared", async () => {
    const one = metrics();
    live(one, resolved);
    const declared = new Set<string>(Object.values(RUN_FAMILIES).map(({ name }) => name));
    for (const { name, type, help } of await one.families(await keep(summary()))) {
      expect(declared).toContain(name);
      expect(Object.values(RUN_FAMILIES).find((each) => each.name === name)).toMatchObject({ type, help });
    }
  });
});
