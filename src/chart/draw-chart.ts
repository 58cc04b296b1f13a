import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Chart } from "../lib/chart.ts";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import { redact } from "../lib/redact.ts";

/** A process of its own takes less than a second, a few on a busy machine. */
const TIMEOUT_MS = 30_000;
const FLAGS = ["--max-old-space-size=128", "--max-semi-space-size=2", "--disable-warning=ExperimentalWarning"];
const PROGRAM = fileURLToPath(new URL("draw-process.ts", import.meta.url));

/** What a test changes. */
export type DrawOptions = { readonly timeoutMs?: number };

/**
 * Draws a chart as a PNG of at most 300 kB, 1200 pixels wide and 500 to 1500 high, in a process of its own that ends with it: at most ten
 * series of 200 points. Whatever is in the chart, it gives a picture. Throws `FailureError` when that takes longer than 30 s or crashes.
 */
export async function drawChart(chart: Chart, { timeoutMs = TIMEOUT_MS }: DrawOptions = {}): Promise<Uint8Array> {
  // Nothing of our environment goes along: there are secrets in it.
  const child = spawn(process.execPath, [...FLAGS, PROGRAM], { env: {}, stdio: "pipe" });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  try {
    feed(child, chart);
    const [png, words, code] = await Promise.all([buffer(child.stdout), text(child.stderr), exitOf(child)]);
    if (code === 0) return png;
    if (child.killed) throw failure("timeout", `no picture in ${timeoutMs} ms`);
    throw failure("server-error", errorLine(words) ?? `the process ended with ${code ?? "a signal"}`);
  } finally {
    clearTimeout(timer);
  }
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}

/** A process that died does not read: its exit tells more than the broken pipe. */
function feed(child: ChildProcessWithoutNullStreams, chart: Chart): void {
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify(chart));
}

/** The line of a crash that says what happened; the others tell where. */
function errorLine(words: string): string | undefined {
  const line = words.split("\n").find((each) => /^\w*Error\b/u.test(each));
  return line === undefined ? undefined : redact(line).slice(0, 300);
}

function failure(reason: FailureReason, why: string): FailureError {
  return new FailureError({
    reason,
    retryable: false,
    message: `cannot draw a chart: ${why}; the message goes without it`,
  });
}
