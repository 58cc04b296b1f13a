import type { FittedChart, Line } from "./fit-chart.ts";
import { SIZE, writeBrief, type Layout } from "./layout.ts";
import { cutMiddle, cutToWidth, textWidth } from "./plain-line.ts";
import { INK, PAPER, QUIET_INK, strokeOf } from "./style.ts";
import { writeDate } from "./time-ticks.ts";

/** A part of a picture beside the plot: a text, or a short line. */
export type Element =
  | {
      readonly type: "text";
      readonly x: number;
      readonly y: number;
      readonly style: {
        readonly text: string;
        readonly fontFamily: string;
        readonly fontSize: number;
        readonly fontWeight: "bold" | "normal";
        readonly fill: string;
        /** Keeps a text readable on a line. */
        readonly stroke: string;
        readonly lineWidth: number;
        readonly align: "left" | "right" | "center";
        readonly verticalAlign: "top";
      };
    }
  | {
      readonly type: "line";
      readonly shape: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
      readonly style: { readonly stroke: string; readonly lineWidth: number; readonly lineDash: number[] | "solid" };
    };

/** How a text stands. */
export type TextLook = {
  readonly size?: number;
  readonly bold?: boolean;
  readonly fill?: string;
  readonly align?: "left" | "right" | "center";
};

/** Makes a text at a place (its top left corner, or top right). */
export function textAt(x: number, y: number, text: string, look: TextLook = {}): Element {
  const { size = SIZE.font, bold = false, fill = INK, align = "left" } = look;
  const font = { fontFamily: "DejaVu Sans", fontSize: size, fontWeight: bold ? "bold" : "normal" } as const;
  return { type: "text", x, y, style: { text, ...font, fill, ...HALO, align, verticalAlign: "top" } };
}

const HALO = { stroke: PAPER, lineWidth: 4 } as const;

const SWATCH = 22;

/** Draws the table below the plot: when it was, and each line with its value at the start and now. */
export function legendElements(chart: FittedChart, { legendTop }: Layout): readonly Element[] {
  const { lines, leftOut, from, to } = chart;
  if (lines.length === 0) return [];
  const write = (value: number): string => writeBrief(value, chart.scale);
  const value = Math.max(60, ...lines.flatMap(({ first, last }) => [first, last].map((each) => widthOf(write(each)))));
  const head: TextLook = { fill: QUIET_INK, align: "right" };
  const yOf = (index: number): number => legendTop + SIZE.legendHead + index * SIZE.legendRow;
  const note =
    leftOut === 0
      ? []
      : [textAt(SIZE.margin, yOf(lines.length), `and ${leftOut} more, not shown`, { fill: QUIET_INK })];
  return [
    textAt(SIZE.margin, legendTop, writeDate(from, to), { fill: QUIET_INK }),
    textAt(RIGHT - value, legendTop, "start", head),
    textAt(RIGHT, legendTop, "now", head),
    ...lines.flatMap((line, index) => row(line, index, { y: yOf(index), value, write })),
    ...note,
  ];
}

const RIGHT = SIZE.width - SIZE.margin;

function widthOf(text: string): number {
  return Math.min(140, textWidth(text, SIZE.font) * 1.05 + 12);
}

type Row = {
  readonly y: number;
  /** Width of each of the two values. */
  readonly value: number;
  readonly write: (value: number) => string;
};

function row(line: Line, index: number, { y, value, write }: Row): readonly Element[] {
  const middle = y + SIZE.font / 2 + 1;
  const { color, dash } = strokeOf(index);
  const nameWidth = RIGHT - SIZE.margin - SWATCH - 8 - 2 * value;
  const written = (each: number): string => cutToWidth(write(each), value - 4, SIZE.font);
  return [
    {
      type: "line",
      shape: { x1: SIZE.margin, y1: middle, x2: SIZE.margin + SWATCH, y2: middle },
      style: { stroke: color, lineWidth: 4, lineDash: dash },
    },
    textAt(SIZE.margin + SWATCH + 8, y, cutMiddle(line.name, nameWidth, SIZE.font)),
    textAt(RIGHT - value, y, written(line.first), { align: "right" }),
    textAt(RIGHT, y, written(line.last), { align: "right", bold: true }),
  ];
}
