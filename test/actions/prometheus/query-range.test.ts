import { describe, expect, it } from "@jest/globals";
import { queryRange } from "../../../src/actions/prometheus/query-range.ts";
import type { Series } from "../../../src/actions/services.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

const NOW = Date.UTC(2026, 10, 22, 3);

/** What the check answers when Prometheus gives these series, and how many bytes that is in a run's timeline. */
async function ask(count: number, value: (step: number, index: number) => number, label = "vault-") {
  const queryOne = async (): Promise<readonly Series[]> => await Promise.resolve([]);
  const queryRangeOf = async (_query: string, { from, stepMs }: { readonly from: number; readonly stepMs: number }) =>
    await Promise.resolve(
      Array.from({ length: count }, (_, index) => ({
        labels: { vault_node: `${label}${index}` },
        points: Array.from({ length: 40 }, (__, step) => [from + step * stepMs, value(step, index)] as const),
      })),
    );
  const context = {
    ...contextOf(createFakeCluster(["active"])),
    clock: { now: () => NOW },
    services: { prometheus: { query: queryOne, queryRange: queryRangeOf } },
  };
  const answer = await queryRange.read(context, { query: "up", window: "1h", unit: "s" });
  const series = answer["series"] as readonly { readonly points: readonly number[] }[];
  return {
    answer,
    drawn: series.filter(({ points }) => points.length > 0).length,
    bytes: Buffer.byteLength(JSON.stringify(answer)),
  };
}

const noise = (step: number, index: number): number => Math.sin(step * (index + 1)) * 123.456789;

describe("how a value went, for a chart", () => {
  it("tells the window in milliseconds, the unit, and a number a step", async () => {
    const { answer } = await ask(1, (step) => step);
    expect(answer).toMatchObject({ to: NOW, from: NOW - 39 * 92_308, step: 92_308, unit: "s" });
    expect(answer["series"]).toMatchObject([{ points: Array.from({ length: 40 }, (_, step) => step), gaps: [] }]);
  });

  it.each([
    { name: "one series", count: 1, drawn: 1, value: noise },
    { name: "three series", count: 3, drawn: 3, value: noise },
    { name: "five raft indexes", count: 5, drawn: 5, value: (step: number) => 123_456_789 + step * 7 },
  ])("draws all of $name in at most 4 kB", async ({ count, drawn, value }) => {
    const asked = await ask(count, value);
    expect(asked.drawn).toBe(drawn);
    expect(asked.bytes).toBeLessThanOrEqual(4096);
  });

  it("draws fewer of ten series rather than more than 4 kB, and tells of all", async () => {
    const asked = await ask(10, noise);
    expect(asked.answer["series"]).toHaveLength(10);
    expect(asked.drawn).toBeGreaterThanOrEqual(1);
    expect(asked.bytes).toBeLessThanOrEqual(4096);
  });

  it("adds nothing to what is told of ten series with long labels", async () => {
    expect(await ask(10, noise, "x".repeat(180))).toMatchObject({ drawn: 0 });
  });
});
