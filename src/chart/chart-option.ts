import type { EChartsOption, LineSeriesOption } from "echarts";
import type { FittedChart, Line } from "./fit-chart.ts";
import { SIZE, writeBrief, type Layout } from "./layout.ts";
import { legendElements, textAt, type Element } from "./legend.ts";
import { cutToWidth } from "./plain-line.ts";
import { FAINT, INK, PAPER, QUIET_INK, strokeOf } from "./style.ts";
import { timeTicks } from "./time-ticks.ts";

/** Points up to which each is drawn as a dot: few values are read one by one. */
const DOTS = 12;

/** Makes what echarts draws of a chart. Texts are never templates: echarts gets them from functions or as elements. */
export function chartOption(chart: FittedChart, layout: Layout): EChartsOption {
  const { plot } = layout;
  return {
    animation: false,
    backgroundColor: PAPER,
    useUTC: true,
    textStyle: { fontFamily: "DejaVu Sans", fontSize: SIZE.font, color: INK },
    grid: {
      left: plot.left,
      top: plot.top,
      width: plot.right - plot.left,
      height: plot.bottom - plot.top,
      containLabel: false,
      outerBoundsMode: "none",
    },
    xAxis: timeAxis(chart),
    yAxis: valueAxis(chart),
    series: chart.lines.map(lineSeries),
    graphic: { elements: elements(chart, layout) as object[] },
  };
}

function elements(chart: FittedChart, layout: Layout): readonly Element[] {
  return [...headline(chart), ...markElements(layout), ...legendElements(chart, layout), ...plotNotes(chart, layout)];
}

function headline({ title }: FittedChart): readonly Element[] {
  const room = SIZE.width - 2 * SIZE.margin;
  // Bold is wider than the estimate.
  const shown = cutToWidth(title, room, SIZE.titleFont * 1.06);
  return [textAt(SIZE.margin, 10, shown, { size: SIZE.titleFont, bold: true })];
}

function markElements({ marks, plot }: Layout): readonly Element[] {
  const topOf = (row: number): number => SIZE.titleHeight + row * SIZE.markRow;
  const across = marks.map(({ x, row }): Element => ({
    type: "line",
    shape: { x1: x, y1: topOf(row), x2: x, y2: plot.bottom },
    style: { stroke: INK, lineWidth: 1.5, lineDash: [4, 3] },
  }));
  const labels = marks.map(({ x, label, row, leftwards }) =>
    textAt(leftwards ? x - 5 : x + 5, topOf(row), label, { align: leftwards ? "right" : "left" }),
  );
  return [...across, ...labels];
}

function plotNotes({ lines }: FittedChart, { plot, unit }: Layout): readonly Element[] {
  if (lines.length > 0)
    return unit === "" ? [] : [textAt(SIZE.margin, plot.top - SIZE.unitRow - 4, unit, { fill: QUIET_INK })];
  const x = (plot.left + plot.right) / 2;
  return [textAt(x, (plot.top + plot.bottom) / 2 - 8, "no values", { fill: QUIET_INK, align: "center" })];
}

function timeAxis({ from, to, lines }: FittedChart): NonNullable<EChartsOption["xAxis"]> {
  const { values, write } = timeTicks(from, to);
  return {
    type: "value",
    min: from,
    max: to,
    axisLine: { onZero: false, lineStyle: { color: QUIET_INK } },
    axisTick: { show: lines.length > 0, customValues: [...values] },
    splitLine: { show: false },
    axisLabel: {
      show: lines.length > 0,
      color: QUIET_INK,
      customValues: [...values],
      formatter: write,
      hideOverlap: true,
    },
  };
}

function valueAxis({ lines, scale }: FittedChart): NonNullable<EChartsOption["yAxis"]> {
  const values = lines.flatMap(({ points }) => points.flatMap(([, value]) => (value === undefined ? [] : [value])));
  const most = values.reduce((held, value) => Math.max(held, value), -Infinity);
  const least = values.reduce((held, value) => Math.min(held, value), Infinity);
  // Small changes of a great number would be a flat line above an empty plot.
  const zoomed = most > least && most - least < Math.max(Math.abs(most), Math.abs(least)) * 0.25;
  return {
    type: "value",
    scale: zoomed,
    splitNumber: 4,
    minInterval: values.every((value) => Number.isInteger(value)) ? 1 : 0,
    axisLabel: {
      show: lines.length > 0,
      color: QUIET_INK,
      formatter: (value: number) => writeBrief(value, { ...scale, divisor: 1 }),
    },
    splitLine: { lineStyle: { color: FAINT } },
  };
}

function lineSeries({ points }: Line, index: number): LineSeriesOption {
  const { color, dash } = strokeOf(index);
  return {
    type: "line",
    id: String(index),
    silent: true,
    connectNulls: false,
    symbol: "circle",
    showAllSymbol: true,
    itemStyle: { color, opacity: 1 },
    lineStyle: { color, width: 2.5, type: dash },
    data: points.map(([at, value], place) => ({
      value: [at, value ?? "-"],
      symbolSize: dotSize(points, place),
    })),
  };
}

/** Few points are dots, and so are the last one and those between two gaps, which would be no line. */
function dotSize(points: Line["points"], place: number): number {
  if (points.length <= DOTS || place === points.length - 1) return 6;
  return points[place - 1]?.[1] === undefined && points[place + 1]?.[1] === undefined ? 5 : 0;
}
