import type { RunCommand } from "../engine/commands.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import type { Ids } from "../lib/clock.ts";
import { suggestion } from "../lib/nearest.ts";
import { toFailure } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";
import { findSecret } from "../lib/redact.ts";
import type { Program } from "../engine/program.ts";
import type { Runbook } from "../runbook/schema.ts";
import { createDriver, type Driver, type DriverDeps } from "./driver.ts";
import { resolveInputs } from "./inputs.ts";
import type { LoadedRun, RunAnswer, RunRequest, RunService, StartRequest } from "./ports.ts";
import { createSerial } from "./serial.ts";
import { answerOf, createTimeline, type Timeline } from "./timeline.ts";

/** A runbook ready to be started: its text and the digest of it. */
export type Startable = { readonly runbook: Runbook; readonly text: string; readonly digest: string };

/** What the run service works with. */
export type RunServiceDeps = Omit<DriverDeps, "timeline" | "serial" | "changed"> & {
  readonly catalog: () => ReadonlyMap<string, Startable>;
  readonly compile: (runbook: Runbook) => Program;
  readonly ids: Ids;
};

/** A run service with its life: `begin` resumes what is open, `stop` parks it. */
export type RunningService = RunService & Pick<Driver, "stop"> & { readonly begin: () => Promise<void> };

/** Creates the run service: starts runs, takes what people ask, and keeps runs moving. */
export function createRunService(deps: RunServiceDeps): RunningService {
  const listeners = new Set<(runId: string) => void>();
  const timeline = createTimeline(deps.store, deps.compile);
  const changed = (runId: string): void => {
    for (const listener of listeners) listener(runId);
  };
  const driver = createDriver({ ...deps, timeline, serial: createSerial(), changed });
  const tell = async (runId: string, command: RunCommand): Promise<RunAnswer> => {
    const dispatched = await timeline.dispatch(runId, command);
    if (dispatched.ok && dispatched.appended > 0) driver.wake(runId);
    return answerOf(runId, dispatched);
  };
  return {
    start: async (request) => refuseSecrets(Object.values(request.inputs)) ?? (await start(request, deps, tell)),
    ask: async (request) =>
      refuseSecrets(textsOf(request)) ?? (await tell(request.runId, commandOf(request, deps.clock.now()))),
    get: timeline.load,
    list: async (filter) => await loadAll(timeline, deps.logger, await deps.store.list(filter)),
    noteAlert: async (group, status) => {
      const open = await loadAll(timeline, deps.logger, await deps.store.list({ open: true, limit: 10_000 }));
      const concerned = open.filter(({ run }) => run.origin.alertGroup === group);
      await Promise.all(
        concerned.map(async ({ run }) => await tell(run.id, { type: "NoteAlert", status, at: deps.clock.now() })),
      );
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: driver.start,
    stop: driver.stop,
  };
}

/** What people type is stored for ever: a pasted secret is refused here, on whatever surface it was typed, and never echoed. */
function refuseSecrets(texts: readonly string[]): RunAnswer | undefined {
  const kind = texts.map(findSecret).find((found) => found !== undefined);
  if (kind === undefined) return undefined;
  return { ok: false, why: `this looks like a ${kind}: it was not stored; treat it as leaked and rotate it now` };
}

function textsOf(request: RunRequest): readonly string[] {
  if (request.type === "approve") return [request.phrase ?? ""];
  return "reason" in request ? [request.reason] : [];
}

type Tell = (runId: string, command: RunCommand) => Promise<RunAnswer>;

async function start(request: StartRequest, deps: RunServiceDeps, tell: Tell): Promise<RunAnswer> {
  const catalog = deps.catalog();
  const found = catalog.get(request.runbook);
  if (found === undefined)
    return {
      ok: false,
      why: `there is no runbook "${request.runbook}"${suggestion(request.runbook, [...catalog.keys()])}`,
    };
  const resolved = resolveInputs(found.runbook, request.inputs, deps.clusters);
  if (!resolved.ok) return resolved;
  const runId = deps.ids.next("run");
  return await tell(runId, {
    type: "Start",
    runId,
    runbook: found.runbook,
    runbookText: found.text,
    runbookDigest: found.digest,
    cluster: resolved.cluster,
    inputs: resolved.inputs,
    by: request.by,
    origin: request.origin,
    driver: deps.holder,
    at: deps.clock.now(),
  });
}

/** Loads runs; one that cannot be read (damaged, or written by a newer version) costs only itself. */
async function loadAll(timeline: Timeline, logger: Logger, ids: readonly string[]): Promise<readonly LoadedRun[]> {
  const loaded = await Promise.all(
    ids.map(async (id) => {
      try {
        return await timeline.load(id);
      } catch (error) {
        logger.error("a run cannot be read and is left out", { run: id, why: toFailure(error).message });
        return undefined;
      }
    }),
  );
  return loaded.filter((run) => run !== undefined);
}

function commandOf(request: RunRequest, at: number): RunCommand {
  const { by } = request;
  switch (request.type) {
    case "approve":
      return {
        type: "Approve",
        gate: request.gateId,
        by,
        at,
        ...(request.phrase !== undefined && { phrase: request.phrase }),
      };
    case "reject":
      return { type: "Reject", gate: request.gateId, by, at, reason: request.reason };
    case "confirm-manual":
      return { type: "ConfirmManual", step: request.step, by, at };
    case "retry":
      return { type: "Retry", step: request.step, by, at };
    case "skip":
      return { type: "Skip", step: request.step, by, at, reason: request.reason };
    case "mark-done":
      return { type: "MarkDone", step: request.step, by, at, reason: request.reason };
    case "abort":
      return { type: "Abort", by, at, reason: request.reason };
    default:
      return exhaustive(request);
  }
}
