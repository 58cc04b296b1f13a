import { z } from "zod";
import { parseDuration } from "../../lib/duration.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { requiredService } from "../required-service.ts";
import type { Series } from "../services.ts";
import { sparkline } from "../sparkline.ts";
import { withinBudget, writePoints, type SeriesPoints } from "../series-points.ts";

const WIDTH = 40;
const MOST_SERIES = 10;
const MOST_LABEL_LENGTH = 200;
const LEAST_STEP_MS = 1000;
const LONGEST_MS = 31 * 86_400_000;

const Window = z.string().refine((text) => {
  const milliseconds = parseDuration(text) ?? 0;
  return milliseconds >= LEAST_STEP_MS && milliseconds <= LONGEST_MS;
}, "a time from 1s to 31d, like 30m");

/** Asks the configured Prometheus how an expression went until now, in 40 steps, and draws it as one line of text. */
export const queryRange = defineCheck({
  name: "prometheus.query-range",
  summary: "Ask Prometheus how a value went until now",
  input: z.strictObject({
    /** PromQL; one series makes the best chart. */
    query: z.string().min(1),
    /** How far back: `30m`, `6h`. */
    window: Window.default("1h"),
    /** What the value is counted in, for charts: `s`, `bytes`, or a word like `leases`. */
    unit: z.string().max(20).default(""),
  }),
  output: z.object({
    /** At least one series has a number in the window. */
    found: z.boolean(),
    /** Series with a number; of more than 10 the first 10 are told. */
    count: z.int(),
    /** Of the first series; 0 when there is none. */
    first: z.number(),
    last: z.number(),
    /** Over all series. */
    min: z.number(),
    max: z.number(),
    /** Mean over all points of all series. */
    avg: z.number(),
    /** The first series as a line of at most 40 characters, oldest on the left; a dot is a gap. Empty when there is none. */
    chart: z.string(),
    /** The first and the last step of the window, Unix time in milliseconds. */
    from: z.number(),
    to: z.number(),
    /** Milliseconds from step to step. */
    step: z.number(),
    unit: z.string(),
    series: z.array(
      z.object({
        /** Its labels: `{node="vault-0"}`. */
        labels: z.string(),
        first: z.number(),
        last: z.number(),
        min: z.number(),
        max: z.number(),
        avg: z.number(),
        chart: z.string(),
        /** A number a step, rounded, without those of `gaps`. Empty when all series together would be too much to store. */
        points: z.array(z.number()),
        /** The steps without a number, counted from 0. */
        gaps: z.array(z.int()),
      }),
    ),
  }),
  policy: [],
  read: async (context, { query, window, unit }) => {
    const range = rangeUntil(context.clock.now(), parseDuration(window) ?? LEAST_STEP_MS);
    const drawn = await readSeries(context, query, range);
    const told = drawn.slice(0, MOST_SERIES);
    const [one = NOTHING] = told;
    const values = drawn.flatMap((each) => each.numbers);
    return {
      found: drawn.length > 0,
      count: drawn.length,
      first: one.first,
      last: one.last,
      ...extremes(values),
      chart: one.chart,
      from: range.from,
      to: range.to,
      step: range.stepMs,
      unit,
      series: withinBudget(told.map(({ numbers: _numbers, ...each }) => each)),
    };
  },
});

type Drawn = SeriesPoints & {
  readonly labels: string;
  readonly numbers: readonly number[];
  readonly chart: string;
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
};

const NOTHING = { first: 0, last: 0, chart: "" };

async function readSeries({ services, signal }: ActionContext, query: string, range: Range): Promise<Drawn[]> {
  const prometheus = requiredService(services.prometheus, {
    task: "ask Prometheus",
    lack: "none is configured",
    advice: "set prometheus.url",
  });
  const series = await prometheus.queryRange(query, { ...range, signal });
  return series.flatMap((each) => draw(each, range));
}

type Range = { readonly from: number; readonly to: number; readonly stepMs: number };

/** Both ends are points, and the last one is now: 40 points are 39 steps apart, and the window may grow by some milliseconds. */
function rangeUntil(to: number, windowMs: number): Range {
  const steps = Math.min(WIDTH - 1, Math.floor(windowMs / LEAST_STEP_MS));
  const stepMs = Math.ceil(windowMs / steps);
  return { from: to - steps * stepMs, to, stepMs };
}

function draw({ labels, points }: Series, range: Range): Drawn[] {
  const numbers = points.map(([, value]) => value).filter((value) => Number.isFinite(value));
  const [first] = numbers;
  if (first === undefined) return [];
  const columns = toColumns(points, range);
  return [
    {
      labels: describeLabels(labels),
      numbers,
      chart: sparkline(columns, WIDTH),
      ...writePoints(columns),
      first,
      last: numbers.at(-1) ?? first,
      ...extremes(numbers),
    },
  ];
}

/** Puts every point at its step, so that a series that came late does not look as if it had been there all the time. */
function toColumns(points: Series["points"], { from, to, stepMs }: Range): number[] {
  const columns = Array.from<number>({ length: (to - from) / stepMs + 1 }).fill(Number.NaN);
  for (const [at, value] of points) {
    const column = Math.round((at - from) / stepMs);
    if (column in columns) columns[column] = value;
  }
  return columns;
}

function extremes(numbers: readonly number[]) {
  const [first = 0] = numbers;
  return {
    min: numbers.reduce((least, value) => Math.min(least, value), first),
    max: numbers.reduce((most, value) => Math.max(most, value), first),
    avg: mean(numbers),
  };
}

function mean(numbers: readonly number[]): number {
  const sum = numbers.reduce((total, value) => total + value, 0);
  if (Number.isFinite(sum)) return sum / Math.max(1, numbers.length);
  // The sum of huge numbers is infinite, and no JSON; their mean is not.
  return numbers.reduce((total, value) => total + value / numbers.length, 0);
}

function describeLabels(labels: Series["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const text = `{${pairs.join(", ")}}`;
  return text.length > MOST_LABEL_LENGTH ? `${text.slice(0, MOST_LABEL_LENGTH)}…` : text;
}
