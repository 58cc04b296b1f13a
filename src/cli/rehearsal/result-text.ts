import type { Difference } from "./compare.ts";
import type { Coverage } from "./coverage.ts";
import type { Flop, SuiteResult, TestResult } from "./rehearse.ts";

/** Writes what came of a test, with the timeline of what did not come out as it should. */
export function testText({ name, flops, crashes, leftToPeople }: TestResult): readonly string[] {
  const killed =
    crashes === 0 ? "" : ` (killed ${crashes} times${leftToPeople === 0 ? "" : `, ${leftToPeople} left to people`})`;
  return [`${flops.length === 0 ? "ok    " : "FAILED"} ${name}${killed}`, ...flops.flatMap(flopText)];
}

/** Writes how much of a runbook the tests took. */
export function coverageText({ runbook, coverage }: SuiteResult): readonly string[] {
  const { taken, missed } = coverage;
  const all = taken.length + missed.length;
  const head = `${runbook}: ${taken.length} of ${all} branches taken (${percent(coverage)} %)`;
  return [head, ...missed.map((branch) => `  no test takes ${branch}`)];
}

/** Gives how much was taken, in whole per cent; 100 only when nothing was missed. */
export function percent({ taken, missed }: Coverage): number {
  return Math.floor((100 * taken.length) / Math.max(1, taken.length + missed.length));
}

function flopText({ crash, differences, timeline }: Flop): readonly string[] {
  return [
    ...(crash === undefined ? [] : [`  when the program is killed ${crash}:`]),
    ...differences.flatMap(differenceText),
    "  timeline:",
    ...timeline.map((line) => `    ${line}`),
  ];
}

function differenceText({ what, lines }: Difference): readonly string[] {
  return [`  ${what}:`, ...lines.map((line) => `    ${line}`)];
}
