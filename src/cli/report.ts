import { formatFinding, type Finding } from "../lib/finding.ts";
import { toFailure } from "../lib/failure.ts";
import type { Io } from "./io.ts";

/** Prints findings, one a line, as text or as a JSON list. */
export function reportFindings(io: Io, findings: readonly Finding[], json: boolean): void {
  if (json) {
    io.out(JSON.stringify(findings, undefined, 2));
    return;
  }
  for (const finding of findings) io.err(formatFinding(finding));
}

/** Prints a failure as one sentence; a bug keeps its stack only in the debug log. */
export function reportFailure(io: Io, error: unknown): void {
  io.err(`sealwatch: ${toFailure(error).message}`);
}

/** Writes rows as columns of equal width, the way `kubectl get` does. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (held, row) => row.map((cell, index) => Math.max(held[index] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
