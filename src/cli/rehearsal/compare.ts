import { isDeepStrictEqual } from "node:util";
import { oneLine, type Facts } from "./facts.ts";
import type { Expectation } from "./test-file.ts";

/** Difference is one thing that came out otherwise: what was expected and what came, line by line. */
export type Difference = { readonly what: string; readonly lines: readonly string[] };

/** Compares what came out with what was expected; empty when all is as expected. */
export function compare(expected: Expectation, facts: Facts): readonly Difference[] {
  const { gates, failures } = expected;
  return [
    ...compareLists("path", expected.path, facts.path),
    ...compareLists("outcome", [expected.outcome], [facts.outcome]),
    ...compareLists("calls", expected.calls, facts.calls),
    ...compareLists(
      "gates",
      gates.map(inWords),
      facts.gates.map((gate, index) => inWords(only(gate, gates[index]))),
    ),
    ...compareLists("failures", failures.map(inWords), facts.failures.map(inWords)),
    ...said(expected, facts),
    ...(expected.commands === undefined
      ? []
      : compareLists("commands", expected.commands, facts.commands.slice(0, Math.max(1, expected.commands.length)))),
    ...clusterEnd(expected, facts),
  ];
}

/** Writes two lists as one, with `-` before what was expected and did not come, and `+` before what came instead. */
export function diff(expected: readonly string[], got: readonly string[]): readonly string[] {
  const kept = longestCommon(expected, got);
  const lines: string[] = [];
  let from = 0;
  let to = 0;
  for (const line of [...kept, undefined]) {
    while (from < expected.length && expected[from] !== line) lines.push(`- ${expected[from++]}`);
    while (to < got.length && got[to] !== line) lines.push(`+ ${got[to++]}`);
    if (line === undefined) break;
    lines.push(`  ${line}`);
    from++;
    to++;
  }
  return lines;
}

/** Compares two lists of lines. */
export function compareLists(what: string, expected: readonly string[], got: readonly string[]): readonly Difference[] {
  return isDeepStrictEqual(expected, got) ? [] : [{ what, lines: diff(expected, got) }];
}

function said({ says, saysNot }: Expectation, { said: texts }: Facts): readonly Difference[] {
  const missing = says.filter((wanted) => !texts.some((text) => text.includes(oneLine(wanted))));
  const unwanted = saysNot.filter((text) => texts.some((each) => each.includes(oneLine(text))));
  const lines = missing.flatMap((wanted) => [`- ${wanted}`, ...mostLike(wanted, texts).map((text) => `+ ${text}`)]);
  return [
    ...(lines.length === 0 ? [] : [{ what: "says", lines }]),
    ...(unwanted.length === 0 ? [] : [{ what: "saysNot", lines: unwanted.map((line) => `+ ${line}`) }]),
  ];
}

/** The text that has most of the wanted one's words; none when no text has any. */
function mostLike(wanted: string, texts: readonly string[]): readonly string[] {
  const words = new Set(oneLine(wanted).split(" "));
  const shared = texts.map((text) => text.split(" ").filter((word) => words.has(word)).length);
  const most = Math.max(0, ...shared);
  return most === 0 ? [] : texts.filter((_text, index) => shared[index] === most).slice(0, 1);
}

function clusterEnd({ cluster }: Expectation, facts: Facts): readonly Difference[] {
  if (cluster === undefined) return [];
  const { leader, members, sealed } = cluster;
  return [
    ...(leader === undefined ? [] : compareLists("cluster.leader", [leader], [facts.cluster.leader])),
    ...(members === undefined ? [] : compareLists("cluster.members", [...members].sort(), facts.cluster.members)),
    ...(sealed === undefined ? [] : compareLists("cluster.sealed", [...sealed].sort(), facts.cluster.sealed)),
  ];
}

/** Leaves out what the test says nothing about. */
function only(gate: Facts["gates"][number], expected: object | undefined): object {
  const keys = Object.keys(expected ?? gate);
  return Object.fromEntries(Object.entries(gate).filter(([key]) => keys.includes(key)));
}

const ORDER = ["step", "danger", "approvals", "outcome", "reason"];

function inWords(given: object): string {
  const parts = Object.entries(given).sort(([left], [right]) => ORDER.indexOf(left) - ORDER.indexOf(right));
  return parts
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(", ");
}

function longestCommon(left: readonly string[], right: readonly string[]): readonly string[] {
  const table = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0));
  const at = (row: number, column: number): number => table[row]?.[column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--) {
      const line = table[row];
      if (line === undefined) continue;
      line[column] =
        left[row] === right[column] ? 1 + at(row + 1, column + 1) : Math.max(at(row + 1, column), at(row, column + 1));
    }
  const common: string[] = [];
  for (let row = 0, column = 0; row < left.length && column < right.length;) {
    if (left[row] === right[column]) {
      common.push(left[row] ?? "");
      row++;
      column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return common;
}
