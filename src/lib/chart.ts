import type { Timestamp } from "./clock.ts";

/** A line of a chart: its name, and a value for each time; a gap has no point. */
export type ChartSeries = {
  readonly name: string;
  readonly points: readonly (readonly [at: Timestamp, value: number])[];
};

/** Chart is a picture of values over time, as data. */
export type Chart = {
  readonly title: string;
  /** Of the values: `s`, `bytes`, `leases`; empty for plain numbers. */
  readonly unit: string;
  readonly series: readonly ChartSeries[];
  /** Moments worth a line across: when the run started, when the call was made. */
  readonly marks: readonly { readonly at: Timestamp; readonly label: string }[];
};
