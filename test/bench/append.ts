/*
 * Appends 500 events to a run, in a SQLite file and in a real PostgreSQL that waits for its disk, beside a bare INSERT with its commit.
 * Run with `node test/bench/append.ts`. Each side is a process of its own and the sides take turns, so that a busy machine slows both.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Place } from "../store/children/place.ts";
import { ROLE, startPostgresql } from "../support/postgresql.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import type { MeasuredAppends } from "./append-side.ts";
import { report } from "./report.ts";

const APPENDS = 500;
const TURNS = 3;
const SIDE = fileURLToPath(new URL("append-side.ts", import.meta.url));

async function measure(side: string, place: Place): Promise<MeasuredAppends> {
  const args = [SIDE, JSON.stringify(place), side, String(APPENDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as MeasuredAppends;
}

function joined(before: MeasuredAppends, { rounds, rssMb, p99Ms }: MeasuredAppends): MeasuredAppends {
  return {
    rounds: [...before.rounds, ...rounds],
    rssMb: Math.max(before.rssMb, rssMb),
    p99Ms: Math.max(before.p99Ms, p99Ms),
  };
}

async function compare(what: string, place: Place): Promise<string> {
  const nothing: MeasuredAppends = { rounds: [], rssMb: 0, p99Ms: 0 };
  const sides = { bare: nothing, ours: nothing };
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const side of turn % 2 === 0 ? (["bare", "ours"] as const) : (["ours", "bare"] as const))
      sides[side] = joined(sides[side], await measure(side, place));
  }
  const { bare: floor, ours } = sides;
  const p99 = `worst p99 of one append: floor ${floor.p99Ms.toFixed(1)} ms, ours ${ours.p99Ms.toFixed(1)} ms`;
  return `${report({ what, floor, ours })}\n  ${p99} (target <= 20 ms: ${ours.p99Ms <= 20 ? "met" : "MISSED"})`;
}

await using directory = await temporaryDirectory();
await using server = await startPostgresql({ durable: true });
const sqlite = { sqlite: join(directory.path, "sealwatch.db") };
const postgres = { postgres: { port: server.port, database: await server.createDatabase(), ...ROLE } };
process.stdout.write(`${await compare(`SQLite, ${APPENDS} appends`, sqlite)}\n`);
process.stdout.write(`${await compare(`PostgreSQL, ${APPENDS} appends`, postgres)}\n`);
