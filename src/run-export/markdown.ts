import { showValue } from "../engine/program.ts";
import { stepDepth } from "../engine/step-depth.ts";
import { formatDuration } from "../lib/duration.ts";
import type { ExportFile } from "./export-file.ts";
import type { Report, ReportedGate, ReportedStep } from "./report.ts";

/** Writes an exported run as Markdown: the post-mortem for whoever was not there. */
export function exportMarkdown(file: ExportFile): string {
  const { report } = file;
  const parts = [
    `# ${line(report.runbook.title)}: ${report.state}`,
    ...marks(report),
    line(report.text),
    facts(file),
    `## What it was about\n\n${prose(report.runbook.meaning)}\n\n${prose(report.runbook.impact)}`,
    `## Steps\n\n${table(["", "step", "result", "began", "took", "what was seen"], report.steps.map(stepRow))}`,
    ...(report.gates.length === 0 ? [] : [`## Gates\n\n${report.gates.map(gateText).join("\n\n")}`]),
    ...evidence(report),
    `## Timeline\n\n${table(
      ["time (UTC)", "who", "what"],
      report.timeline.map(({ at, who, text }) => [time(at), who ?? "", text]),
    )}`,
    proof(file),
  ];
  return `${parts.join("\n\n")}\n`;
}

function marks({ dryRun, drill, gates }: Report): readonly string[] {
  return [
    ...(dryRun ? ["**DRY RUN: it read and planned, and called nothing that changes anything.**"] : []),
    ...(drill ? ["**DRILL: it was carried out to practise.**"] : []),
    ...gates.flatMap(({ brokenBy, id, text }) =>
      brokenBy === undefined ? [] : [`**BREAK-GLASS at gate ${line(id)}: ${line(text ?? brokenBy)}**`],
    ),
  ];
}

function facts({ report, head }: ExportFile): string {
  const inputs = Object.entries(report.inputs).map(([name, value]) => `${name} = ${showValue(value)}`);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Run", report.id],
    ["Runbook", `${report.runbook.id}, ${report.runbook.digest}`],
    ["Cluster", report.cluster],
    ["Inputs", inputs.join(", ")],
    ["Started", `${time(report.startedAt)} UTC by ${report.startedBy}, from ${report.surface}`],
    ["Ended", report.finishedAt === undefined ? "it is still open" : `${time(report.finishedAt)} UTC`],
    ["Took", report.tookMs === undefined ? undefined : formatDuration(report.tookMs)],
    ["In charge", report.assignee],
    ["Alert", report.alert === "none" ? undefined : report.alert],
    ["Head of the chain", head],
  ];
  return table(
    ["", ""],
    rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const SIGNS: Readonly<Record<ReportedStep["status"], string>> = {
  pending: "○",
  running: "▶",
  done: "✓",
  failed: "✗",
  skipped: "–",
  planned: "◇",
};

function stepRow(step: ReportedStep): readonly string[] {
  const times = step.attempts > 1 ? `, ${step.attempts} times begun` : "";
  return [
    SIGNS[step.status],
    `${"  ".repeat(stepDepth(step.id))}${step.title} (${step.kind} ${step.id})`,
    `${step.status}${times}${step.by === undefined ? "" : `, by ${step.by}`}`,
    step.startedAt === undefined ? "" : time(step.startedAt),
    step.tookMs === undefined ? "" : formatDuration(step.tookMs),
    step.text ?? "",
  ];
}

function gateText(gate: ReportedGate): string {
  const waited = gate.waitedMs === undefined ? "it is still open" : `after ${formatDuration(gate.waitedMs)}`;
  const asked = [
    `${gate.approvals} approval(s)`,
    ...(gate.groups.length === 0 ? [] : [`of ${gate.groups.join(" or ")}`]),
  ].join(" ");
  const rows: readonly (readonly [string, string])[] = [
    ["Call", gate.call],
    ["Action", `${gate.action} (${gate.danger})`],
    [
      "Cluster",
      `${gate.cluster}${gate.clusterId === undefined ? ", its id was never seen" : `, id ${gate.clusterId}`}`,
    ],
    ["Cost", gate.cost],
    ["Proof", gate.proof],
    ...gate.facts.map(({ ok, text }): readonly [string, string] => ["Held", `${ok ? "yes" : "NO"}: ${text}`]),
    ...gate.differences.map((text): readonly [string, string] => ["Changed since the plan before", text]),
    ["Plan", gate.planHash],
    ["Asked", `${time(gate.openedAt)} UTC: ${asked}`],
    ...gate.votes.map(({ by, at }): readonly [string, string] => ["Yes", `${time(at)} UTC by ${by}`]),
    [
      "Outcome",
      `${gate.outcome}${gate.text === undefined ? "" : `: ${gate.text}`}, ${gate.closedAt === undefined ? waited : `${time(gate.closedAt)} UTC, ${waited}`}`,
    ],
  ];
  return `### Gate ${line(gate.id)}: ${gate.outcome}\n\n${table(["", ""], rows)}`;
}

function evidence({ evidence: all }: Report): readonly string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ at, by, name, bytes, sha256 }) => [name, String(bytes), sha256, by, time(at)]);
  const texts = all.flatMap(({ name, text }) => (text === undefined ? [] : [`### ${line(name)}\n\n${fenced(text)}`]));
  return [["## Evidence", table(["name", "bytes", "digest", "by", "attached"], rows), ...texts].join("\n\n")];
}

function proof({ head, verification, entries, runId, hashRule, exportedAt }: ExportFile): string {
  const verdict = verification.whole
    ? `When it was exported (${exportedAt}) all ${verification.entries} entries fitted the chain.`
    : `**When it was exported (${exportedAt}) entry ${verification.firstBreak ?? "?"} did not fit the chain: the timeline was changed after it was written.**`;
  return [
    "## Proof",
    verdict,
    `Compare the head, ${head}, with the one at the end of the run's Slack thread and on its page. \`sealwatch run export ${runId} --format json\` gives every entry with its text; \`sealwatch run verify --file\` verifies that file without any store.`,
    hashRule,
    table(
      ["entry", "time (UTC)", "hash"],
      entries.map(({ sequence, at, hash }) => [String(sequence), at, hash]),
    ),
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [row(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(row)].join("\n");
}

/** Foreign text must not end its cell, be markup, or be a link. */
function cell(text: string): string {
  const indent = /^ */u.exec(text)?.[0].replaceAll("  ", "&emsp;") ?? "";
  return (
    indent +
    escaped(text.trim())
      .replaceAll("|", String.raw`\|`)
      .replaceAll(/\s*\n\s*/gu, "<br>")
  );
}

function line(text: string): string {
  return escaped(text).replaceAll(/\s*\n\s*/gu, " ");
}

/** Runbooks write `code`, *bold* and lists, which Markdown reads alike. */
function prose(text: string): string {
  return escaped(text.trim());
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("[", String.raw`\[`)
    .replaceAll("]", String.raw`\]`);
}

/** A fence that the text itself does not have. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.trimEnd()}\n${fence}`;
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}
