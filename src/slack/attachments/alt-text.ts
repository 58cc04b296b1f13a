import type { Chart, ChartSeries } from "../../lib/chart.ts";
import { scaleOf, writeScaled, type Scale } from "../../lib/scale.ts";
import { cut } from "../render/limits.ts";

/** Slack takes 2,000 characters; nobody listens to more than these. */
const MOST = 900;
const MOST_SERIES = 10;

/** Says a chart in words, for those who do not see it: each line's value at the start and now, and what happened meanwhile. */
export function altText(chart: Chart): string {
  const shown = chart.series.slice(0, MOST_SERIES);
  const scale = scaleOf(
    shown.flatMap(({ points }) => points.map(([, value]) => value)),
    chart.unit,
  );
  const series = shown.map((each) => seriesWords(each, scale));
  const marks = chart.marks.map(({ at, label }) => `${label} at ${clockTime(at)}`);
  const parts = [...series, ...marks].filter((part) => part !== "");
  return cut(`${chart.title}: ${parts.length === 0 ? "no values" : parts.join("; ")}`, MOST);
}

function seriesWords({ name, points }: ChartSeries, scale: Scale): string {
  const numbers = points.filter(([, value]) => Number.isFinite(value));
  const [first, last] = [numbers[0]?.[1], numbers.at(-1)?.[1]];
  if (first === undefined || last === undefined) return `${name} without values`;
  if (numbers.length === 1) return `${name} ${writeScaled(last, scale)}`;
  return `${name} from ${writeScaled(first, scale)} to ${writeScaled(last, scale)} now`;
}

function clockTime(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15
    ? `${new Date(at).toISOString().slice(11, 16)} UTC`
    : "some time";
}
