import type { DrillRecord } from "./drill-record.ts";
import { generatedNote, markdownTable } from "./markdown.ts";

/** What the page says of one runbook, besides its drills. */
export type ShownRunbook = {
  readonly id: string;
  readonly title: string;
  readonly alerts: readonly string[];
  readonly meaning: string;
  readonly departs: string | undefined;
  /** Every step that there is, those of loops and includes too, without rounds. */
  readonly steps: readonly string[];
};

/** Writes `docs/runbooks.md`: every runbook that is shipped, and what came out when it was carried out on a real cluster. */
export function runbooksPage(runbooks: readonly ShownRunbook[], drills: readonly DrillRecord[]): string {
  return `${generatedNote("runbooks/ and docs/drills/")}

# Runbooks

Each of these was carried out on a real cluster with the real fault, started and answered in Slack by scripted people, to the end that was read from the cluster itself. The drills are
tests (\`test/runbooks/drills\`), and \`npm run drills\` records them again. How to write your own: [writing-runbooks.md](writing-runbooks.md). What some of these runs looked like: [examples](examples).

${markdownTable(
  ["runbook", "answers", "drills", "steps taken in a drill"],
  runbooks.map((runbook) => overviewRow(runbook, of(runbook, drills))),
)}

Steps that no drill took are taken by the runbook's tests on the simulated cluster, which take every branch of every runbook (\`sealwatch runbook test --coverage\`).

${runbooks.map((runbook) => section(runbook, of(runbook, drills))).join("\n\n")}
`;
}

function of({ id }: ShownRunbook, drills: readonly DrillRecord[]): readonly DrillRecord[] {
  return drills.filter(({ runbook }) => runbook === id);
}

function overviewRow({ id, title, alerts, steps }: ShownRunbook, drills: readonly DrillRecord[]): readonly string[] {
  const taken = steps.filter((step) => drills.some(({ path }) => path.includes(step)));
  return [
    `[\`${id}\`](#${id}): ${title}`,
    alerts.map((alert) => `\`${alert}\``).join(", ") || "-",
    String(drills.length),
    `${taken.length} of ${steps.length}`,
  ];
}

function section({ id, title, meaning, departs, steps }: ShownRunbook, drills: readonly DrillRecord[]): string {
  const never = steps.filter((step) => !drills.some(({ path }) => path.includes(step)));
  const departure = departs === undefined ? "" : `\n\nWhere it departs from the usual advice: ${departs.trim()}`;
  const rest = never.length === 0 ? "" : `\n\nIn no drill: ${never.map((step) => `\`${step}\``).join(", ")}.`;
  return `## ${id}

**${title}.** ${meaning.trim()}${departure}

${drills.length === 0 ? "No drill is recorded." : drillTable(drills)}${rest}`;
}

function drillTable(drills: readonly DrillRecord[]): string {
  return markdownTable(
    ["fault", "cluster", "begun by", "steps", "calls made", "end", "seconds"],
    drills.map(({ fault, cluster, server, begun, path, calls, outcome, seconds, verified }) => [
      fault,
      `${cluster}, ${server}`,
      begun,
      path.map((step) => `\`${step}\``).join(" → "),
      calls.map((call) => `\`${call}\``).join(", ") || "none",
      `${outcome}: ${verified}`,
      String(seconds),
    ]),
  );
}
