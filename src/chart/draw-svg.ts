import type { Chart } from "../lib/chart.ts";
import { chartOption } from "./chart-option.ts";
import { fitChart } from "./fit-chart.ts";
import { layoutOf, SIZE } from "./layout.ts";

/** Draws a chart as SVG, 480 pixels wide; its text needs the font DejaVu Sans. echarts is loaded with the first one. */
export async function drawSvg(chart: Chart): Promise<string> {
  const { init } = await import("echarts/dist/echarts.esm.min.mjs");
  const fitted = fitChart(chart);
  const layout = layoutOf(fitted);
  const drawing = init(null, undefined, { renderer: "svg", ssr: true, width: SIZE.width, height: layout.height });
  try {
    drawing.setOption(chartOption(fitted, layout));
    return drawing.renderToSVGString();
  } finally {
    drawing.dispose();
  }
}
