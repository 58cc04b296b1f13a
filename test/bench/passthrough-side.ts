/*
 * One side of test/bench/passthrough.ts: `node passthrough-side.ts SIDE BYTES` merges five pages of so many bytes each (`merge`), or only
 * looks at every byte of them once (`look`, what this machine can do now), and prints the throughputs and the most memory that it needed.
 */
import { createFamilyFilter } from "../../src/exporter/passthrough/family-filter.ts";
import { mergePages } from "../../src/exporter/passthrough/merge-pages.ts";
import { createNodePage } from "../../src/exporter/passthrough/node-page.ts";
import { nativePages } from "./native-pages.ts";

const PIECE = 64 * 1024;
const LINE_FEED = 10;
const WARM_UP_BYTES = 60e6;
const ROUND_BYTES = 60e6;
const ROUNDS = 5;

const [, , side = "merge", size = "1000000"] = process.argv;
const pages = nativePages(Number(size));
const total = pages.reduce((sum, { length }) => sum + length, 0);
const isShown = createFamilyFilter({ include: [], exclude: [] });

async function* inPieces(page: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < page.length; at += PIECE) yield page.subarray(at, at + PIECE);
}

async function merge(): Promise<number> {
  const nodes = pages.map((page, index) =>
    createNodePage({
      cluster: "prod",
      node: `vault-${index}`,
      body: inPieces(page),
      active: index === 1,
      unsealed: true,
    }),
  );
  let bytes = 0;
  for await (const piece of mergePages(nodes, { isShown, reserved: new Set() })) bytes += piece.length;
  return bytes;
}

async function look(): Promise<number> {
  let lines = 0;
  for (const page of pages) for (const byte of page) lines += Number(byte === LINE_FEED);
  return lines;
}

const work = side === "merge" ? merge : look;
for (let bytes = 0; bytes < WARM_UP_BYTES; bytes += total) await work();
const before = process.memoryUsage.rss();
let rss = before;
const rounds: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const startedAt = process.threadCpuUsage();
  let bytes = 0;
  for (; bytes < ROUND_BYTES; bytes += total) {
    await work();
    rss = Math.max(rss, process.memoryUsage.rss());
  }
  const { user, system } = process.threadCpuUsage(startedAt);
  rounds.push(bytes / (user + system));
}
process.stdout.write(JSON.stringify({ rounds, rssMb: rss / 1e6, growthMb: (rss - before) / 1e6 }));
