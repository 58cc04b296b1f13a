/*
 * Merges the native metrics of five nodes: megabytes of exposition text a second of one core's time, beside a loop that only looks at every byte
 * of the same pages, which tells how quick this machine is now; then pages ten times as large, for the memory. Each side is a process of its own.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "./report.ts";

type Side = { readonly rounds: readonly number[]; readonly rssMb: number; readonly growthMb: number };

const TARGET = 100;
const MEGABYTE = 1_000_000;

async function measure(side: string, bytes: number): Promise<Side> {
  const file = fileURLToPath(new URL("passthrough-side.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, side, String(bytes)]);
  return JSON.parse(stdout) as Side;
}

const figures = ({ rounds, rssMb, growthMb }: Side): string =>
  `${median(rounds).toFixed(0)} MB/s (${Math.min(...rounds).toFixed(0)} to ${Math.max(...rounds).toFixed(0)}), ${rssMb.toFixed(0)} MB RSS, of which ${growthMb.toFixed(0)} MB while merging`;

const write = (line: string): void => void process.stdout.write(`${line}\n`);

for (const bytes of [50_000, MEGABYTE]) {
  const look = await measure("look", bytes);
  const merge = await measure("merge", bytes);
  const met = median(merge.rounds) >= TARGET ? "met" : "MISSED";
  write(`merge of 5 pages of ${bytes / 1000} kB: ${figures(merge)}; target >= ${TARGET} MB/s: ${met}`);
  write(
    `  looking at every byte of the same pages: ${median(look.rounds).toFixed(0)} MB/s, ${(median(merge.rounds) / median(look.rounds)).toFixed(2)} x`,
  );
}
const large = await measure("merge", 10 * MEGABYTE);
write(`merge of 5 pages of 10 MB, held in memory by the bench itself: ${figures(large)}`);
