/*
 * One side of test/bench/append.ts: `node append-side.ts SIDE PLACE COUNT` appends so many events to one run, one after the other, a few times, and
 * prints how long each round took, the 99th percentile of a single append, and the most memory that it needed.
 */
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { openPlace, readPlace } from "../store/children/place.ts";
import { said, summary } from "../store/run-fixtures.ts";
import type { Measured } from "./report.ts";

/** What a side prints: `p99Ms` is of single appends. */
export type MeasuredAppends = Measured & { readonly p99Ms: number };

type Side = {
  readonly append: (round: number, place: number) => Promise<void>;
  readonly close: () => Promise<void> | void;
};

const ROUNDS = 3;
/** As long as a usual event of a run. */
const TEXT = "x".repeat(300);

async function openOurs(): Promise<Side> {
  const store = await openPlace();
  return {
    append: async (round, place) => await store.runs.append(`${process.pid}-${round}`, place, [said(TEXT)], summary()),
    close: async () => await store.close(),
  };
}

/** The least that anybody could do: a row that is on the disk when the call returns. */
async function openBare(): Promise<Side> {
  const place = readPlace();
  if ("sqlite" in place) return openBareSqlite(place.sqlite);
  const client = new Client({ host: "127.0.0.1", ssl: false, ...place.postgres });
  await client.connect();
  await client.query("CREATE TABLE IF NOT EXISTS bare (run TEXT, place INTEGER, text TEXT, PRIMARY KEY (run, place))");
  const insert = "INSERT INTO bare VALUES ($1, $2, $3)";
  return {
    append: async (round, at) => void (await client.query(insert, [`${process.pid}-${round}`, at, TEXT])),
    close: async () => await client.end(),
  };
}

function openBareSqlite(path: string): Side {
  const sqlite = new DatabaseSync(`${path}.bare`);
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  sqlite.exec("CREATE TABLE IF NOT EXISTS bare (run TEXT, place INTEGER, text TEXT, PRIMARY KEY (run, place))");
  const insert = sqlite.prepare("INSERT INTO bare VALUES (?, ?, ?)");
  return {
    append: async (round, at) => void insert.run(`${process.pid}-${round}`, at, TEXT),
    close: () => sqlite.close(),
  };
}

const [, , , side = "", count = "0"] = process.argv;
const { append, close } = await (side === "bare" ? openBare() : openOurs());
const rounds: number[] = [];
const singles: number[] = [];
// The first round loads and compiles, and is not counted.
for (let round = 0; round <= ROUNDS; round += 1) {
  const began = performance.now();
  for (let place = 0; place < Number(count); place += 1) {
    const before = performance.now();
    await append(round, place);
    if (round > 0) singles.push(performance.now() - before);
  }
  if (round > 0) rounds.push(performance.now() - began);
}
await close();
const sorted = singles.sort((left, right) => left - right);
const measured: MeasuredAppends = {
  rounds,
  rssMb: process.resourceUsage().maxRSS / 1024,
  p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
};
process.stdout.write(JSON.stringify(measured));
