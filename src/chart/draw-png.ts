import { createRequire } from "node:module";
import type { Chart } from "../lib/chart.ts";
import { drawSvg } from "./draw-svg.ts";

const require = createRequire(import.meta.url);
/** Noise compresses badly; at half the size it is as noisy to look at. */
const MOST_BYTES = 300_000;

/** Draws a chart as a PNG in this process; loads what that takes, about 60 MB. `drawChart` does it in one of its own. */
export async function drawPng(chart: Chart): Promise<Uint8Array> {
  const svg = await drawSvg(chart);
  const sharp = await toPng(svg, 2.5);
  return sharp.byteLength <= MOST_BYTES ? sharp : await toPng(svg, 1.25);
}

async function toPng(svg: string, zoom: number): Promise<Uint8Array> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const image = await renderAsync(svg, {
    // The same picture on every machine.
    font: {
      loadSystemFonts: false,
      fontFiles: fonts(),
      defaultFontFamily: "DejaVu Sans",
    },
    fitTo: { mode: "zoom", value: zoom },
    logLevel: "off",
  });
  return image.asPng();
}

function fonts(): string[] {
  return [
    require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
    require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"),
  ];
}
