import type { Chart } from "../../src/lib/chart.ts";

/** 2026-11-22 02:00 UTC. */
export const T0 = Date.UTC(2026, 10, 22, 2);
const STEP = 92_308;

/** Forty values at even distances, as Prometheus gives them; undefined is a gap. */
export function wave(value: (step: number) => number | undefined): Chart["series"][number]["points"] {
  return Array.from({ length: 40 }, (_, step) => [T0 + step * STEP, value(step)] as const).filter(
    (point): point is readonly [number, number] => point[1] !== undefined,
  );
}

/** Latency of two nodes, of which one answered nothing for some minutes. */
export const latency: Chart = {
  title: "Request latency",
  unit: "s",
  series: [
    { name: "vault-0", points: wave((step) => (step > 25 ? 0.42 : 0.004)) },
    { name: "vault-1", points: wave((step) => (step > 10 && step < 20 ? undefined : 0.008)) },
  ],
  marks: [{ at: T0 + 26 * STEP, label: "run started" }],
};

/** A chart of nothing but what is given. */
export function chartOf(change: Partial<Chart>): Chart {
  return { title: "", unit: "", series: [], marks: [], ...change };
}
