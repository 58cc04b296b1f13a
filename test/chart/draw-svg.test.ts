import { describe, expect, it } from "@jest/globals";
import { drawSvg } from "../../src/chart/draw-svg.ts";
import { chartOf, latency, T0, wave } from "./charts.ts";

/** All texts of a picture, as people read them. */
async function textsOf(chart: Parameters<typeof drawSvg>[0]): Promise<readonly string[]> {
  const svg = await drawSvg(chart);
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/gu)].map(([, text = ""]) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&"),
  );
}

/** How many strokes a series has in its colour: a line without gaps is one path that moves once. */
async function strokesOf(chart: Parameters<typeof drawSvg>[0], color: string): Promise<number> {
  const svg = await drawSvg(chart);
  const paths = [...svg.matchAll(/<path d="([^"]*)"[^>]*>/gu)].filter(
    ([path]) => path.includes(`stroke="${color}"`) && path.includes('fill="none"'),
  );
  // The swatch in the legend is a stroke too.
  return paths.reduce((sum, [, d = ""]) => sum + (d.match(/M/gu) ?? []).length, 0) - 1;
}

describe("drawing a chart as SVG", () => {
  it("tells the value at the start and now of every line, in one unit", async () => {
    const texts = await textsOf(latency);
    expect(texts).toEqual(expect.arrayContaining(["start", "now", "vault-0", "4 ms", "420 ms", "vault-1", "8 ms"]));
  });

  it("tells the time in UTC, with the day", async () => {
    expect(await textsOf(latency)).toEqual(expect.arrayContaining(["22 Nov 2026, UTC", "02:00", "02:30"]));
  });

  it("tells both days of a night", async () => {
    const night = chartOf({
      series: [
        {
          name: "a",
          points: [
            [T0 - 8 * 3_600_000, 1],
            [T0, 2],
          ],
        },
      ],
    });
    expect(await textsOf(night)).toEqual(expect.arrayContaining(["21 Nov 2026 – 22 Nov 2026, UTC", "20:00", "22 Nov"]));
  });

  it("labels its marks", async () => {
    expect(await textsOf(latency)).toContain("run started");
  });

  it("names a long unit once and not beside each value", async () => {
    const texts = await textsOf(
      chartOf({
        unit: "leases",
        series: [
          {
            name: "all",
            points: [
              [T0, 48_210],
              [T0 + 60_000, 1204],
            ],
          },
        ],
      }),
    );
    expect(texts.filter((text) => text.includes("leases"))).toEqual(["leases"]);
    expect(texts).toEqual(expect.arrayContaining(["48,210", "1,204"]));
  });

  it("leaves gaps open", async () => {
    const one = (gap: boolean) =>
      chartOf({ series: [{ name: "a", points: wave((step) => (gap && step > 10 && step < 20 ? undefined : 5)) }] });
    expect(await strokesOf(one(false), "#0072b2")).toBe(1);
    expect(await strokesOf(one(true), "#0072b2")).toBe(2);
  });

  it("leaves the gap of one missing value open", async () => {
    const chart = chartOf({ series: [{ name: "a", points: wave((step) => (step === 7 ? undefined : 5)) }] });
    expect(await strokesOf(chart, "#0072b2")).toBe(2);
  });

  it("joins what was measured now and then", async () => {
    const chart = chartOf({
      series: [
        {
          name: "a",
          points: [
            [T0, 1],
            [T0 + 10_000, 2],
            [T0 + 25_000, 3],
            [T0 + 900_000, 4],
          ],
        },
      ],
    });
    expect(await strokesOf(chart, "#0072b2")).toBe(1);
  });

  it("writes hostile texts as they are", async () => {
    const hostile = '<script>alert(1)</script> {a|b} ${x} ]]> " &lt; <!channel>';
    const chart = chartOf({
      title: hostile,
      series: [{ name: "<b>&amp;{b}</b>", points: [[T0, 1]] }],
      marks: [{ at: T0, label: "</text><a>" }],
    });
    const svg = await drawSvg(chart);
    expect(svg).not.toMatch(/<script|<b>|<a>|<image|href/u);
    const texts = await textsOf(chart);
    expect(texts).toEqual(expect.arrayContaining(["<b>&amp;{b}</b>", "</text><a>"]));
    expect(texts.some((text) => text.startsWith("<script>alert(1)</script> {a|b}"))).toBe(true);
  });

  it("writes nothing that looks like a secret", async () => {
    const canary = `hvs.${"A1b2".repeat(10)}`;
    const chart = chartOf({
      title: canary,
      unit: canary,
      series: [{ name: canary, points: [[T0, 1]] }],
      marks: [{ at: T0, label: canary }],
    });
    const svg = await drawSvg(chart);
    expect(svg).not.toContain("A1b2");
    expect(svg).toContain("redacted");
  });

  it("says that there are more lines than it draws", async () => {
    const series = Array.from({ length: 13 }, (_, index) => ({
      name: `vault-${index}`,
      points: [[T0, index]] as const,
    }));
    const texts = await textsOf(chartOf({ series }));
    expect(texts).toContain("and 3 more, not shown");
    expect(texts).toContain("vault-9");
    expect(texts).not.toContain("vault-10");
  });

  it("says that there are no values", async () => {
    expect(await textsOf(chartOf({ title: "Leases" }))).toEqual(["Leases", "no values"]);
  });
});
