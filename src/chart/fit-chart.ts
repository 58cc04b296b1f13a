import type { Chart, ChartSeries } from "../lib/chart.ts";
import type { Timestamp } from "../lib/clock.ts";
import { scaleOf, type Scale } from "../lib/scale.ts";
import { breakAtGaps, thinOut, type Points } from "./points.ts";
import { plainLine } from "./plain-line.ts";

/** Lines of a picture at most; more cannot be told apart. */
export const MOST_SERIES = 10;
const MOST_MARKS = 6;
const MOST_POINTS = 200;
/** Times that a date can be made of. */
const LATEST = 8.64e15;
/** Shown around a single moment. */
const AROUND_MS = 5 * 60_000;

/** A line as it is drawn: in the units of the scale, with an undefined value where the line is broken. */
export type Line = {
  readonly name: string;
  readonly points: readonly (readonly [at: Timestamp, value: number | undefined])[];
  /** Raw, not scaled. */
  readonly first: number;
  readonly last: number;
};

/** A chart that can be drawn whatever it was: bounded, finite, in order, its texts plain. */
export type FittedChart = {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Series that are not drawn because there are too many. */
  readonly leftOut: number;
  readonly marks: Chart["marks"];
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly scale: Scale;
};

/** Makes a chart fit to be drawn. Values that are no numbers are gaps; series without a number and what does not fit go. */
export function fitChart(chart: Chart): FittedChart {
  const series = chart.series.map(sound).filter(({ points }) => points.length > 0);
  const drawn = series.slice(0, MOST_SERIES);
  const scale = scaleOf(
    drawn.flatMap(({ points }) => points.map(([, value]) => value)),
    plainLine(chart.unit, 20),
  );
  const marks = chart.marks.filter(({ at }) => isTime(at)).slice(0, MOST_MARKS);
  const { from, to } = rangeOf(drawn, marks);
  return {
    title: plainLine(chart.title, 120),
    lines: drawn.map((each) => lineOf(each, scale)),
    leftOut: series.length - drawn.length,
    marks: marks
      .filter(({ at }) => at >= from && at <= to)
      .map(({ at, label }) => ({ at, label: plainLine(label, 40) })),
    from,
    to,
    scale,
  };
}

function isTime(at: Timestamp): boolean {
  return Number.isFinite(at) && at >= 0 && at <= LATEST - AROUND_MS;
}

type Sound = { readonly name: string; readonly points: Points };

function sound({ name, points }: ChartSeries): Sound {
  const ordered = points
    .filter(([at, value]) => isTime(at) && Number.isFinite(value))
    .toSorted(([left], [right]) => left - right);
  return { name: plainLine(name, 80), points: ordered };
}

function lineOf({ name, points }: Sound, { divisor }: Scale): Line {
  const thin = thinOut(points, MOST_POINTS).map(([at, value]) => [at, value / divisor] as const);
  return { name, points: breakAtGaps(thin), first: points[0]?.[1] ?? 0, last: points.at(-1)?.[1] ?? 0 };
}

/** From the first to the last value; a mark may stretch it, but not so far that the values have no room. */
function rangeOf(series: readonly Sound[], marks: Chart["marks"]): { from: Timestamp; to: Timestamp } {
  const starts = series.map(({ points }) => points[0]?.[0] ?? 0);
  const ends = series.map(({ points }) => points.at(-1)?.[0] ?? 0);
  if (starts.length === 0) return { from: 0, to: AROUND_MS };
  const from = Math.min(...starts);
  const to = Math.max(...ends);
  const slack = Math.max(to - from, AROUND_MS);
  const near = marks.map(({ at }) => at).filter((at) => at >= from - slack && at <= to + slack);
  const range = { from: Math.min(from, ...near), to: Math.max(to, ...near) };
  return range.from < range.to ? range : { from: Math.max(0, from - AROUND_MS), to: to + AROUND_MS };
}
