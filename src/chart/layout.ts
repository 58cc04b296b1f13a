import { writeScaled, type Scale } from "../lib/scale.ts";
import type { FittedChart } from "./fit-chart.ts";
import { textWidth } from "./plain-line.ts";

/** Sizes of the picture in its own pixels, for a phone that shows it 340 points wide; it is drawn at two and a half times as many. */
export const SIZE = {
  width: 480,
  margin: 14,
  titleFont: 16,
  font: 13,
  titleHeight: 34,
  markRow: 17,
  unitRow: 18,
  plotHeight: 160,
  axisHeight: 30,
  legendHead: 22,
  legendRow: 20,
} as const;

/** A mark with its place: x of its line, and the row of its label. */
export type PlacedMark = {
  readonly x: number;
  readonly label: string;
  readonly row: number;
  readonly leftwards: boolean;
};

/** Where everything is. */
export type Layout = {
  readonly height: number;
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly marks: readonly PlacedMark[];
  /** What the values are counted in, when that is too long to stand beside each of them. */
  readonly unit: string;
  readonly legendTop: number;
};

/** Places the parts of a chart: labels of marks that would lie over each other get rows of their own, the legend as many as it needs. */
export function layoutOf(chart: FittedChart): Layout {
  const left = SIZE.margin + tickWidth(chart) + 8;
  const right = SIZE.width - SIZE.margin - 12;
  const unit = isLong(chart.scale) ? chart.scale.suffix.trim() : "";
  const marks = placeMarks(chart, left, right);
  const markRows = marks.reduce((rows, { row }) => Math.max(rows, row + 1), 0);
  const top = SIZE.titleHeight + markRows * SIZE.markRow + (unit === "" ? 8 : SIZE.unitRow);
  const bottom = top + SIZE.plotHeight;
  const legendTop = bottom + SIZE.axisHeight;
  const legend = chart.lines.length === 0 ? 0 : SIZE.legendHead + chart.lines.length * SIZE.legendRow;
  const note = chart.leftOut > 0 ? SIZE.legendRow : 0;
  return { height: legendTop + legend + note + 6, plot: { left, right, top, bottom }, marks, unit, legendTop };
}

/** Writes a value as it stands in the picture: with a short unit (`ms`, `GB`), without a long one, which is told once. */
export function writeBrief(value: number, scale: Scale): string {
  return writeScaled(value, isLong(scale) ? { ...scale, suffix: "" } : scale);
}

function isLong({ suffix }: Scale): boolean {
  return suffix.length > 4;
}

/** The widest label of the axis; the ticks are within, or a little beyond, what the values span. */
function tickWidth({ lines, scale }: FittedChart): number {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  const most = values.reduce((held, value) => Math.max(held, value), 0);
  const least = values.reduce((held, value) => Math.min(held, value), 0);
  const texts = [most * 1.25, least * 1.25].map((value) => writeBrief(value, { ...scale, divisor: 1 }));
  return Math.min(160, Math.max(30, ...texts.map((text) => textWidth(text, SIZE.font))));
}

function placeMarks({ marks, from, to }: FittedChart, left: number, right: number): readonly PlacedMark[] {
  const rows: number[] = [];
  return marks
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, label }) => {
      const x = left + ((at - from) / (to - from)) * (right - left);
      const width = textWidth(label, SIZE.font) + 10;
      const leftwards = x + width > right;
      const begin = leftwards ? x - width : x;
      const free = rows.findIndex((end) => end <= begin);
      const row = free === -1 ? rows.length : free;
      rows[row] = begin + width;
      return { x, label, row, leftwards };
    });
}
