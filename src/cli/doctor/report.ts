import { table } from "../report.ts";
import type { Diagnosis, Level } from "./diagnosis.ts";

/** ReportRow is one diagnosis as `sealwatch doctor --json` prints it. Keys are never renamed or left out; new ones may come. */
export type ReportRow = {
  /** Null: sealwatch itself. */
  readonly cluster: string | null;
  readonly rule: string;
  readonly level: Level;
  /** Null: the whole cluster. */
  readonly node: string | null;
  readonly seen: string;
  /** Null: nothing is to be done. */
  readonly fix: string | null;
};

/** Makes a row of a diagnosis. */
export function toRow(cluster: string | null, rule: string, { level, node, seen, fix }: Diagnosis): ReportRow {
  return { cluster, rule, level, node: node ?? null, seen, fix: fix ?? null };
}

/** Writes rows for people: one line each, what to change below it, and the sum at the end. */
export function renderRows(rows: readonly ReportRow[]): readonly string[] {
  const blocks = [...Map.groupBy(rows, ({ cluster }) => cluster)].flatMap(([cluster, of]) => [
    cluster ?? "sealwatch",
    ...block(of),
    "",
  ]);
  const count = (wanted: Level): number => rows.filter(({ level }) => level === wanted).length;
  return [...blocks, `${amount(count("problem"), "problem")}, ${amount(count("warning"), "warning")}`];
}

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", warning: "WARNING", problem: "PROBLEM" };

function block(rows: readonly ReportRow[]): readonly string[] {
  const lines = table(rows.map(({ level, rule, node, seen }) => [`  ${MARKS[level]}`, rule, node ?? "", seen]));
  return rows.flatMap(({ fix, seen }, index) => {
    const line = lines[index] ?? "";
    return fix === null ? [line] : [line, `${" ".repeat(line.length - seen.length)}→ ${fix}`];
  });
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
