import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { drawPng } from "../../src/chart/draw-png.ts";
import type { Chart } from "../../src/lib/chart.ts";
import { chartOf, latency, T0, wave } from "./charts.ts";

const MOST_BYTES = 300_000;

/** Width and height in a PNG's first chunk; throws when it is none. */
function sizeOf(png: Uint8Array): { readonly width: number; readonly height: number } {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Draws a chart and looks whether the picture is within its bounds; `width` is less for noise alone. */
async function sound(chart: Chart, width = 1200): Promise<void> {
  const png = await drawPng(chart);
  const size = sizeOf(png);
  expect(size.width).toBe(width);
  expect(size.height).toBeGreaterThanOrEqual(width * 0.4);
  expect(size.height).toBeLessThanOrEqual(width * 1.25);
  expect(png.byteLength).toBeLessThanOrEqual(MOST_BYTES);
}

describe("drawing a PNG", () => {
  it("gives a PNG 1200 pixels wide", async () => {
    await sound(latency);
  });

  it("draws the same chart the same way", async () => {
    expect(Buffer.from(await drawPng(latency)).equals(await drawPng(latency))).toBe(true);
  });

  it.each<{ name: string; one: Chart; other: Chart }>([
    { name: "titles", one: chartOf({ title: "A" }), other: chartOf({ title: "B" }) },
    {
      name: "names",
      one: chartOf({ series: [{ name: "A", points: [[T0, 1]] }] }),
      other: chartOf({ series: [{ name: "B", points: [[T0, 1]] }] }),
    },
    { name: "marks", one: latency, other: { ...latency, marks: [{ at: T0, label: "run started" }] } },
  ])("writes its $name with a font of its own", async ({ one, other }) => {
    // Without a font no text is drawn at all, and the two are alike.
    expect(Buffer.from(await drawPng(one)).equals(await drawPng(other))).toBe(false);
  });

  it.each<{ name: string; chart: Chart }>([
    { name: "no series", chart: chartOf({ marks: [{ at: T0, label: "run started" }] }) },
    { name: "a series without points", chart: chartOf({ series: [{ name: "a", points: [] }] }) },
    { name: "one point", chart: chartOf({ series: [{ name: "a", points: [[T0, 5]] }] }) },
    {
      name: "one moment twice",
      chart: chartOf({
        series: [
          {
            name: "a",
            points: [
              [T0, 5],
              [T0, 6],
            ],
          },
        ],
      }),
    },
    { name: "nothing but NaN", chart: chartOf({ series: [{ name: "a", points: wave(() => Number.NaN) }] }) },
    {
      name: "infinities among values",
      chart: chartOf({ series: [{ name: "a", points: wave((step) => (step % 3 === 0 ? Infinity : step)) }] }),
    },
    {
      name: "the greatest numbers",
      chart: chartOf({ series: [{ name: "a", points: wave((step) => (step % 2 === 0 ? 1.7e308 : -1.7e308)) }] }),
    },
    {
      name: "the smallest numbers",
      chart: chartOf({ series: [{ name: "a", points: wave((step) => step * 5e-324) }] }),
    },
    {
      name: "times that are none",
      chart: chartOf({
        series: [
          {
            name: "a",
            points: [
              [Number.NaN, 1],
              [1e300, 2],
              [-5, 3],
            ],
          },
        ],
        marks: [{ at: Infinity, label: "x" }],
      }),
    },
    {
      name: "a hundred years",
      chart: chartOf({
        series: [
          {
            name: "a",
            points: [
              [0, 1],
              [3.2e12, 2],
            ],
          },
        ],
      }),
    },
    {
      name: "a millisecond",
      chart: chartOf({
        series: [
          {
            name: "a",
            points: [
              [T0, 1],
              [T0 + 1, 2],
            ],
          },
        ],
      }),
    },
  ])("draws $name", async ({ chart }) => {
    await sound(chart);
  });

  it("draws 60 series of 10,000 points of noise and 100 marks within the same bounds, at half the size", async () => {
    const noise = {
      title: "x".repeat(10_000),
      unit: "y".repeat(10_000),
      series: Array.from({ length: 60 }, (_, index) => ({
        name: "W".repeat(1000),
        points: Array.from({ length: 10_000 }, (_, step) => [T0 + step * 1000, Math.sin(step * index)] as const),
      })),
      marks: Array.from({ length: 100 }, (_, index) => ({ at: T0 + index * 1000, label: "W".repeat(1000) })),
    };
    await sound(noise, 600);
  });

  it("gives a picture within its bounds whatever the texts and numbers are", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("]]>", "</svg>", "&#0;", "{a|b}", "\uD800", "\uFFFE", "\u202E", "${x}"),
    );
    const point = fc.tuple(fc.oneof(fc.double(), fc.integer({ min: T0, max: T0 + 1e7 })), fc.double());
    const chart = fc.record({
      title: text,
      unit: fc.oneof(text, fc.constantFrom("s", "bytes", "leases")),
      series: fc.array(fc.record({ name: text, points: fc.array(point, { maxLength: 20 }) }), { maxLength: 12 }),
      marks: fc.array(fc.record({ at: fc.oneof(fc.double(), fc.integer({ min: T0, max: T0 + 1e7 })), label: text }), {
        maxLength: 8,
      }),
    });
    await fc.assert(
      fc.asyncProperty(chart, async (any) => await sound(any)),
      { numRuns: 40 },
    );
  });
});
