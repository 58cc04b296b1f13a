import { redact } from "../lib/redact.ts";
import type { RecordedCall } from "./call-recorder.ts";
import { succeeded, type CollectorResult, type ProbeRecord } from "./probe-history.ts";

/** Writes what a probe did, for people: how each collector fared, and every call. No body, no header and no token is in it. */
export function debugText(probe: ProbeRecord): string {
  const { target, module, startedAt, durationMs, timeoutMs, results, calls } = probe;
  const lines = [
    `Probe of ${target} by module ${module}: ${succeeded(probe) ? "everything could be read" : "not everything could be read"}`,
    `Begun ${new Date(startedAt).toISOString()}, took ${durationMs} ms of the ${timeoutMs} ms that it had`,
    "",
    "Collectors:",
    ...columns(results.map(collectorRow)),
    "",
    "Calls:",
    ...columns([CALL_HEAD, ...calls.map(callRow)]),
    "",
  ];
  return redact(lines.join("\n"));
}

const CALL_HEAD = ["AFTER", "NODE", "CALL", "TOKEN", "CODE", "TOOK", "BYTES", "REASON"];

/** The cells of `CALL_HEAD`. */
function callRow({ afterMs, nodeName, hasToken, durationMs, end, ...call }: RecordedCall): readonly string[] {
  return [
    `${afterMs} ms`,
    nodeName,
    `${call.method} ${callPath(call)}`,
    hasToken ? "yes" : "no",
    String(end?.statusCode ?? "-"),
    durationMs === undefined ? "not ended" : `${durationMs} ms`,
    String(end?.bytes ?? "-"),
    end?.failure?.reason ?? "",
  ];
}

function collectorRow({ cluster, collector, durationMs, failure }: CollectorResult): readonly string[] {
  const how = failure === undefined ? "ok" : `${failure.reason}: ${failure.message}`;
  return [cluster, collector, `${durationMs} ms`, how];
}

/** Writes a call's path with its query, without secrets. */
export function callPath({ path, query }: Pick<RecordedCall, "path" | "query">): string {
  const text = new URLSearchParams(query).toString();
  return redact(text === "" ? path : `${path}?${text}`);
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}
