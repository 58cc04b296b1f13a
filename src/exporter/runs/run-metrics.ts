import type { RunEvent } from "../../engine/events.ts";
import type { RunResult } from "../../engine/run.ts";
import type { Timers } from "../../lib/clock.ts";
import { FailureError, toFailure } from "../../lib/failure.ts";
import type { Logger } from "../../lib/logger.ts";
import type { StepKind } from "../../runbook/schema.ts";
import type { RunObserver } from "../../runner/run-service.ts";
import type { Appended } from "../../runner/timeline.ts";
import type { ExposedFamily } from "../expose.ts";
import { readRegistry } from "../read-registry.ts";
import { RUN_FAMILIES } from "./run-families.ts";
import { createRunGauges, drillIntervals, family, type RunGaugeOptions, type RunSource } from "./run-gauges.ts";
import { openRunInstruments, type RunInstruments } from "./run-instruments.ts";

/** What the metrics of runs are made from. */
export type RunMetricsOptions = RunGaugeOptions & {
  /** Every reason for which an approval can be refused. */
  readonly reasons: readonly string[];
  readonly timers: Timers;
  readonly logger: Logger;
};

/** RunMetrics hears what happens to runs, and tells of it on the page of metrics. */
export type RunMetrics = {
  readonly observer: RunObserver;
  /** Gives every family about runs; never rejects, and waits for the store no longer than two seconds. */
  readonly families: (source: RunSource) => Promise<readonly ExposedFamily[]>;
};

/** A scrape must be answered whatever the store does. */
const STORE_WITHIN_MS = 2000;

/** How a run can end. */
const RESULTS: readonly RunResult[] = ["resolved", "stopped", "failed", "aborted", "planned"];

/** Creates the metrics of runs: nothing is loaded or read before the first event or scrape. */
export function createRunMetrics(options: RunMetricsOptions): RunMetrics {
  const { logger, timers, drills, reasons } = options;
  const gauges = createRunGauges(options);
  let opening: Promise<RunInstruments> | undefined;
  const open = async (): Promise<RunInstruments> => await (opening ??= openRunInstruments(reasons));
  const record = (write: (instruments: RunInstruments) => void): void => {
    open()
      .then(write)
      .catch((error: unknown) => logger.error("cannot count a run", { why: toFailure(error).message }));
  };
  return {
    observer: {
      appended: (appended) => record((instruments) => count(appended, instruments)),
      refused: (request, code) => {
        if (request === "approve") record(({ refused }) => refused.inc({ reason: code }));
      },
    },
    families: async (source) => {
      const { registry, finished } = await open();
      for (const { runbook } of drills()) for (const result of RESULTS) finished.inc({ runbook, result }, 0);
      const stored = await readStored(async () => await gauges(source), { timers, logger });
      return [...stored, drillIntervals(drills()), ...(await readRegistry(registry))];
    },
  };
}

/** A store that does not answer costs its own samples, and nothing else of the page. */
async function readStored(
  read: () => Promise<readonly ExposedFamily[]>,
  { timers, logger }: Pick<RunMetricsOptions, "timers" | "logger">,
): Promise<readonly ExposedFamily[]> {
  const readable = (value: number): ExposedFamily => family(RUN_FAMILIES.readable, [{ value }]);
  let cancel = (): void => {};
  const late = new Promise<never>((_resolve, reject) => {
    cancel = timers.after(STORE_WITHIN_MS, () => reject(new FailureError(LATE)));
  });
  try {
    return [readable(1), ...(await Promise.race([read(), late]))];
  } catch (error) {
    logger.error("runs could not be read for their metrics", { why: toFailure(error).message });
    return [readable(0)];
  } finally {
    cancel();
  }
}

const LATE = {
  reason: "timeout",
  retryable: true,
  message: "cannot read runs for their metrics: the store did not answer in 2s; look at it",
} as const;

function count(appended: Appended, instruments: RunInstruments): void {
  const { events, after } = appended;
  const runbook = after.runbook.id;
  for (const event of events) {
    if (event.type === "StepSucceeded" || event.type === "StepFailed") countStep(event, after, instruments);
    if (event.type === "RunFinished") instruments.finished.inc({ runbook, result: event.result });
    if (event.type === "GateBroken") instruments.breakGlass.inc();
    if ("gate" in event && typeof event.gate === "string") countGate(event.gate, event, { appended, instruments });
  }
}

/** The others only tell or hold steps: their time is nobody's. */
const TIMED: ReadonlySet<StepKind> = new Set(["check", "wait", "do", "ask", "manual"]);

function countStep(
  { step, at }: Extract<RunEvent, { type: "StepSucceeded" | "StepFailed" }>,
  { steps, runbook }: Appended["after"],
  { stepDuration }: RunInstruments,
): void {
  const record = steps.find(({ id }) => id === step);
  if (record?.startedAt === undefined || !TIMED.has(record.kind)) return;
  stepDuration.observe({ runbook: runbook.id, kind: record.kind }, (at - record.startedAt) / 1000);
}

const OUTCOMES: Readonly<Partial<Record<RunEvent["type"], string>>> = {
  GateAgreed: "agreed",
  GateBroken: "broken",
  GateRejected: "rejected",
  GateExpired: "expired",
  GateVoided: "voided",
};

type Counting = { readonly appended: Appended; readonly instruments: RunInstruments };

/** A gate that people agreed to and that was voided afterwards had closed before: it counts once. */
function countGate(id: string, { type, at }: RunEvent, { appended, instruments }: Counting): void {
  const { before } = appended;
  const record = before.status === "none" ? undefined : before.gates.find(({ gate }) => gate.id === id);
  const outcome = OUTCOMES[type];
  if (outcome === undefined || record?.outcome !== "open") return;
  const { plan, openedAt } = record.gate;
  instruments.gateWait.observe({ danger: plan.danger, outcome }, (at - openedAt) / 1000);
}
