/*
 * The process in which `drawChart` draws: a chart as JSON comes in, a PNG goes out. What is drawn natively is freed by nobody but the
 * garbage collector, which does not know how big it is: some fifty charts held 250 MB. Here all of it goes with the process.
 */
import { json } from "node:stream/consumers";
import type { Chart } from "../lib/chart.ts";
import { drawPng } from "./draw-png.ts";

const png = await drawPng((await json(process.stdin)) as Chart);
process.stdout.write(png);
