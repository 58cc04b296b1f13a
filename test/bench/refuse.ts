/*
 * Refuses every text that is meant to cost more than it is worth (test/runbook/bombs.ts): the time of the slowest, and what memory is left behind
 * after many rounds of all of them, beside the floor: one look at a builtin runbook by the YAML parser alone, which tells how quick this machine is.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RefuseSide } from "./refuse-side.ts";

const TARGET_MS = 100;
const TARGET_MB = 5;

const side = fileURLToPath(new URL("refuse-side.ts", import.meta.url));
const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", side]);
const { floorMs, refusals, heapMb, rssMb } = JSON.parse(stdout) as RefuseSide;
const slowest = [...refusals].sort((left, right) => right.ms - left.ms);
const worst = slowest[0]?.ms ?? Number.NaN;

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const verdict = (met: boolean): string => (met ? "met" : "MISSED");

write(`floor: parsing the YAML of a runbook of 14 kB takes ${floorMs.toFixed(1)} ms`);
for (const { name, ms } of slowest.slice(0, 5))
  write(`${name}: ${ms.toFixed(1)} ms, ${(ms / floorMs).toFixed(1)} x the floor`);
write(
  `slowest of ${refusals.length}: ${worst.toFixed(1)} ms (target <= ${TARGET_MS} ms: ${verdict(worst <= TARGET_MS)})`,
);
const growth = (heapMb.at(-1) ?? 0) - (heapMb[0] ?? 0);
write(
  `heap after each round of all: ${heapMb.map((mb) => mb.toFixed(1)).join(", ")} MB; grown by ${growth.toFixed(1)} MB (target <= ${TARGET_MB} MB: ${verdict(growth <= TARGET_MB)}); most memory ${rssMb.toFixed(0)} MB`,
);
