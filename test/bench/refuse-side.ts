/* The measured side of test/bench/refuse.ts, a process of its own with `--expose-gc`. Times are of this thread's processor, best of some rounds. */
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { actions, checks } from "../../src/actions/registry.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { bombs } from "../runbook/bombs.ts";

/** What is measured, in milliseconds and megabytes. */
export type RefuseSide = {
  readonly floorMs: number;
  readonly refusals: readonly { readonly name: string; readonly ms: number }[];
  readonly heapMb: readonly number[];
  readonly rssMb: number;
};

const ROUNDS = 5;
const runbook = readFileSync(new URL("../../runbooks/sealed-node.yaml", import.meta.url), "utf8");

function timeOf(work: () => void): number {
  const startedAt = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(startedAt);
  return (user + system) / 1000;
}

function refuse(text: string): void {
  const parsing = parseRunbook("bomb.yaml", text);
  const findings = parsing.ok ? lintRunbook(parsing.parsed, { checks, actions }) : parsing.findings;
  if (findings.length === 0) throw new Error("a bomb was taken for a runbook");
}

const best = new Map<string, number>();
const heapMb: number[] = [];
let floorMs = Number.POSITIVE_INFINITY;
for (let round = 0; round < ROUNDS; round++) {
  floorMs = Math.min(
    floorMs,
    timeOf(() => void parseDocument(runbook).toJS()),
  );
  for (const { name, text } of bombs)
    best.set(
      name,
      Math.min(
        best.get(name) ?? Number.POSITIVE_INFINITY,
        timeOf(() => refuse(text)),
      ),
    );
  globalThis.gc?.();
  // What the first round compiles and keeps is the program's own.
  if (round > 0) heapMb.push(process.memoryUsage().heapUsed / 1e6);
}
const refusals = [...best].map(([name, ms]) => ({ name, ms }));
const measured: RefuseSide = { floorMs, refusals, heapMb, rssMb: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(measured));
