/*
 * One side of test/bench/audit-log.ts: `node audit-log-side.ts SIDE FILE` searches an audit log (`search`), or only reads its bytes and calls
 * JSON.parse for each line (`parse`), and prints the most memory that it needed.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { openLog } from "../../src/investigation/open-log.ts";
import { searchLogs } from "../../src/investigation/search-log.ts";

const [side, file = ""] = process.argv.slice(2);

async function parse(): Promise<number> {
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 1024 * 1024 }) })) {
    JSON.parse(line);
    lines++;
  }
  return lines;
}

async function search(): Promise<number> {
  const { signal } = new AbortController();
  const logs = [async () => await openLog(file, { stdin: process.stdin, signal })];
  const { lines } = await searchLogs({ logs, filter: { path: "secret/" }, paths: true, onProgress: () => {} });
  return lines;
}

const lines = await (side === "search" ? search() : parse());
process.stdout.write(`lines ${lines} rss ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
