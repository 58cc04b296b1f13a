import { describe, expect, it } from "@jest/globals";
import type { ActionContext, Check } from "../../src/actions/action.ts";
import { age } from "../../src/actions/backup/age.ts";
import { probe } from "../../src/actions/http/probe.ts";
import { query } from "../../src/actions/prometheus/query.ts";
import { queryRange } from "../../src/actions/prometheus/query-range.ts";
import type { ActionServices, SeriesPoint } from "../../src/actions/services.ts";
import { exampleOf } from "../contracts/action-examples.ts";
import { contextOf, settle } from "../contracts/action.contract.ts";
import { createFakeCluster } from "./fake-cluster.ts";

const NOW = 1_767_225_600_000;

function contextWith(services: ActionServices): ActionContext {
  return { ...contextOf(createFakeCluster(["unreachable"])), clock: { now: () => NOW }, services };
}

describe("a check of a service that is not configured", () => {
  it.each<{ check: Check; message: string }>([
    { check: query, message: "cannot ask Prometheus: none is configured; set prometheus.url" },
    { check: queryRange, message: "cannot ask Prometheus: none is configured; set prometheus.url" },
    { check: probe, message: "cannot probe website: no target is configured; name it under probes" },
    {
      check: age,
      message:
        "cannot tell the age of prod's backups: this program watches no backups; list them in clusters[].backups",
    },
  ])("says what to configure: $check.name", async ({ check, message }) => {
    const failure = await settle(check.read(contextWith({}), exampleOf(check)));
    expect(failure).toMatchObject({ reason: "refused", retryable: false, message });
  });
});

describe("the age of the newest backup", () => {
  const newest = (at: number | undefined) => ({
    backups: {
      newest: async () => await Promise.resolve(at === undefined ? undefined : { destination: "nas", at }),
    },
  });

  it.each([
    { name: "is in whole seconds", at: NOW - 90_999, gives: { known: true, age_seconds: 90, destination: "nas" } },
    {
      name: "is 0 for one from the future",
      at: NOW + 60_000,
      gives: { known: true, age_seconds: 0, destination: "nas" },
    },
    { name: "is not known without a backup", at: undefined, gives: { known: false, age_seconds: 0, destination: "" } },
  ])("$name", async ({ at, gives }) => {
    expect(await age.read(contextWith(newest(at)), {})).toEqual(gives);
  });
});

describe("an HTTP probe", () => {
  it.each([
    { status: 204, ok: true },
    { status: 307, ok: false },
    { status: 503, ok: false },
  ])("calls $status ok: $ok", async ({ status, ok }) => {
    const answer = async () => await Promise.resolve({ reached: true, status, milliseconds: 12.6, failure: "" });
    const context = contextWith({ httpProbes: { names: [], probe: answer } });
    expect(await probe.read(context, { target: "website" })).toEqual({
      reached: true,
      ok,
      status,
      milliseconds: 13,
      failure: "",
    });
  });
});

describe("a range of Prometheus", () => {
  const asked: { from: number; to: number; stepMs: number }[] = [];
  const answering = (series: readonly { labels: Record<string, string>; points: readonly SeriesPoint[] }[]) =>
    contextWith({
      prometheus: {
        query: async () => await Promise.reject(new Error("nobody asks for a single value")),
        queryRange: async (_, { from, to, stepMs }) => {
          asked.push({ from, to, stepMs });
          return await Promise.resolve(series);
        },
      },
    });

  it.each([
    { window: "1s", steps: 1 },
    { window: "20s", steps: 20 },
    { window: "39s", steps: 39 },
    { window: "1h", steps: 39 },
    { window: "31d", steps: 39 },
  ])("of $window is asked for in $steps steps, the last of which is now", async ({ window, steps }) => {
    asked.length = 0;
    await queryRange.read(answering([]), { query: "x", window });
    const [{ from, to, stepMs } = { from: 0, to: 0, stepMs: 1 }] = asked;
    expect(to).toBe(NOW);
    expect((to - from) / stepMs).toBe(steps);
    expect(stepMs).toBeGreaterThanOrEqual(1000);
  });

  it("tells of ten series at most, of all in its numbers, and leaves out what has no number", async () => {
    const series = Array.from({ length: 12 }, (_, index) => ({
      labels: { node: `vault-${index}` },
      points: [[NOW, index === 11 ? Number.NaN : index]] as const,
    }));
    const answer = await queryRange.read(answering(series), { query: "x", window: "1h" });
    expect(answer).toMatchObject({ found: true, count: 11, first: 0, last: 0, min: 0, max: 10, avg: 5 });
    expect(answer["series"]).toHaveLength(10);
  });

  it("puts points to their times, passes over those outside, and survives huge numbers", async () => {
    const points: readonly SeriesPoint[] = [
      [NOW - 60_000, 9],
      [NOW - 2000, 1e308],
      [NOW, 1.5e308],
      [NOW + 5000, 9],
    ];
    const answer = await queryRange.read(answering([{ labels: {}, points }]), { query: "x", window: "3s" });
    expect(answer["chart"]).toBe("·▁·█");
    expect(Number.isFinite(answer["avg"])).toBe(true);
  });

  it("cuts labels that are longer than anybody reads", async () => {
    const labels = { path: "x".repeat(5000) };
    const answer = await queryRange.read(answering([{ labels, points: [[NOW, 1]] }]), { query: "x", window: "1h" });
    expect(JSON.stringify(answer).length).toBeLessThan(1000);
  });

  it.each(["0s", "500ms", "32d", "an hour"])("refuses a window of %s", async (window) => {
    const failure = await settle(queryRange.read(answering([]), { query: "x", window }));
    expect(failure).toMatchObject({ reason: "refused", message: expect.stringContaining("window") });
  });
});
