import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { withinBudget, writePoints } from "../../src/actions/series-points.ts";

describe("writing the points of a series", () => {
  it.each([
    { name: "to what can be seen of their span", values: [0.123456789, 0.987654321], points: [0.123, 0.988] },
    {
      name: "finer where a great value changes little",
      values: [100.251234, 100.258769],
      points: [100.25123, 100.25877],
    },
    {
      name: "as they are where they are whole",
      values: [123_456_789, 123_456_796],
      points: [123_456_789, 123_456_796],
    },
    {
      name: "to twelve digits where nothing moves",
      values: [0.1234567890123456, 0.1234567890123456],
      points: [0.123456789012, 0.123456789012],
    },
    { name: "when all are zero", values: [0, 0], points: [0, 0] },
    {
      name: "at the ends of what numbers can be",
      values: [-1.7e308, 1.7e308, 5e-324],
      points: [-1.7e308, 1.7e308, 5e-324],
    },
    { name: "when there are none", values: [], points: [] },
  ])("rounds them $name", ({ values, points }) => {
    expect(writePoints(values)).toEqual({ points, gaps: [] });
  });

  it("tells which steps have no number", () => {
    expect(writePoints([Number.NaN, 1, Infinity, 2, -Infinity])).toEqual({ points: [1, 2], gaps: [0, 2, 4] });
  });

  it("keeps every number within a two-hundredth of the span, and JSON can hold it", () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(values, (any) => {
        const { points } = writePoints(any);
        const span = Math.max(...any) - Math.min(...any);
        const allowed = Math.max(span / 200, Math.max(...any.map(Math.abs)) * 1e-11);
        points.forEach((point, index) => expect(Math.abs(point - (any[index] ?? 0))).toBeLessThanOrEqual(allowed));
        expect(JSON.parse(JSON.stringify(points))).toEqual(points.map((point) => (point === 0 ? 0 : point)));
      }),
    );
  });
});

describe("keeping an answer small", () => {
  const series = (index: number, length: number) => ({
    labels: `{node="vault-${index}"}`,
    points: Array.from({ length }, (_, step) => 0.123 + step),
    gaps: [1],
  });

  it("keeps all points that fit", () => {
    const few = [series(0, 40), series(1, 40), series(2, 40)];
    expect(withinBudget(few)).toEqual(few);
  });

  it("leaves out points and gaps of the last series, and nothing else of them", () => {
    const many = Array.from({ length: 30 }, (_, index) => series(index, 40));
    const kept = withinBudget(many);
    expect(kept.map(({ labels }) => labels)).toEqual(many.map(({ labels }) => labels));
    expect(kept[0]).toEqual(many[0]);
    expect(kept.at(-1)).toEqual({ ...many.at(-1), points: [], gaps: [] });
    expect(JSON.stringify(kept).length).toBeLessThanOrEqual(3700);
  });
});
