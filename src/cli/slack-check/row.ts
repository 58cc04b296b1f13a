import type { Diagnosis, Level } from "../doctor/diagnosis.ts";
import { table } from "../report.ts";

/** CheckRow is one finding as `sealwatch slack check --json` prints it. Keys are never renamed or left out; new ones may come. */
export type CheckRow = {
  readonly check: "token" | "scope" | "connection" | "channel" | "user-group" | "person" | "deletion";
  readonly level: Level;
  /** What it is about: a scope, a channel's id, a person's name; null: the app. */
  readonly about: string | null;
  readonly seen: string;
  /** Null: nothing is to be done. */
  readonly fix: string | null;
};

/** Makes a row of a finding. */
export function checkRow(
  check: CheckRow["check"],
  about: string | undefined,
  { level, seen, fix }: Diagnosis,
): CheckRow {
  return { check, level, about: about ?? null, seen, fix: fix ?? null };
}

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", warning: "WARNING", problem: "PROBLEM" };

/** Writes rows for people: one line each, what to change below it, and the sum at the end. */
export function renderChecks(rows: readonly CheckRow[]): readonly string[] {
  const lines = table(rows.map(({ level, check, about, seen }) => [MARKS[level], check, about ?? "", seen]));
  const count = (level: Level, word: string): string => {
    const amount = rows.filter((row) => row.level === level).length;
    return `${amount} ${word}${amount === 1 ? "" : "s"}`;
  };
  return [
    ...rows.flatMap(({ fix, seen }, index) => {
      const line = lines[index] ?? "";
      return fix === null ? [line] : [line, `${" ".repeat(line.length - seen.length)}→ ${fix}`];
    }),
    "",
    `${count("problem", "problem")}, ${count("warning", "warning")}`,
  ];
}
