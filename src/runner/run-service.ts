import type { Role } from "../access/person.ts";
import type { RunCommand } from "../engine/commands.ts";
import { replay } from "../engine/evolve.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import type { Ids } from "../lib/clock.ts";
import { suggestion } from "../lib/nearest.ts";
import { toFailure } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";
import { findSecret } from "../lib/redact.ts";
import type { Runbook } from "../runbook/schema.ts";
import { createAlertRuns } from "./alert-runs.ts";
import { createDriver, type Driver, type DriverDeps } from "./driver.ts";
import { resolveInputs } from "./inputs.ts";
import type { LoadedRun, RunAnswer, RunRequest, RunService, StartRequest } from "./ports.ts";
import { createSerial } from "./serial.ts";
import { answerOf, createTimeline, type Appended, type CompileRun, type Timeline } from "./timeline.ts";

/** A runbook ready to be started: its text, what it includes, and the digest of all. */
export type Startable = {
  readonly runbook: Runbook;
  readonly text: string;
  readonly digest: string;
  readonly included: { readonly [id: string]: Runbook };
};

/** Is told what happens to runs and what people were refused, for metrics. */
export type RunObserver = {
  readonly appended: (appended: Appended) => void;
  readonly refused: (request: "start" | RunRequest["type"], code: Extract<RunAnswer, { ok: false }>["code"]) => void;
};

/** What the run service works with. */
export type RunServiceDeps = Omit<DriverDeps, "timeline" | "serial" | "changed"> & {
  readonly catalog: () => ReadonlyMap<string, Startable>;
  readonly compile: CompileRun;
  readonly ids: Ids;
  /** Who may go past a gate alone at this moment; undefined: nobody. Default: nobody. */
  readonly breakGlass?: () => Role | undefined;
  readonly observer?: RunObserver;
};

/** A run service with its life: `begin` resumes what is open, `stop` parks it. */
export type RunningService = RunService & Pick<Driver, "stop"> & { readonly begin: () => Promise<void> };

/** Creates the run service: starts runs, takes what people ask, and keeps runs moving. */
export function createRunService(deps: RunServiceDeps): RunningService {
  const listeners = new Set<(runId: string) => void>();
  const { observer } = deps;
  const timeline = createTimeline({
    store: deps.store,
    compile: deps.compile,
    ...(observer === undefined ? {} : { appended: observer.appended }),
  });
  const changed = (runId: string): void => {
    for (const listener of listeners) listener(runId);
  };
  const driver = createDriver({ ...deps, timeline, serial: createSerial(), changed });
  const tell = async (runId: string, command: RunCommand): Promise<RunAnswer> => {
    const dispatched = await timeline.dispatch(runId, command);
    if (dispatched.ok && dispatched.appended > 0) driver.wake(runId);
    return answerOf(runId, dispatched);
  };
  const alertRuns = createAlertRuns({
    store: deps.store,
    load: async (ids) => await loadAll(timeline, deps.logger, ids),
  });
  return {
    start: async (request) => {
      const answer = refuseSecrets(Object.values(request.inputs)) ?? (await start(request, deps, tell));
      if (!answer.ok) observer?.refused("start", answer.code);
      return answer;
    },
    ask: async (request) => {
      const answer = refuseSecrets(textsOf(request)) ?? (await ask(request, deps, tell));
      if (!answer.ok) observer?.refused(request.type, answer.code);
      return answer;
    },
    get: timeline.load,
    list: async (filter) => {
      const listed = await deps.store.list(filter);
      return await loadAll(
        timeline,
        deps.logger,
        listed.map(({ id }) => id),
      );
    },
    summaries: deps.store.list,
    noteAlert: async (group, status) => {
      const concerned = await alertRuns.of(group);
      await Promise.all(
        concerned.map(async (id) => await tell(id, { type: "NoteAlert", status, at: deps.clock.now() })),
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
  const why = `this looks like a ${kind}: it was not stored; treat it as leaked and rotate it now`;
  return { ok: false, why, code: "secret" };
}

function textsOf(request: RunRequest): readonly string[] {
  switch (request.type) {
    case "approve":
      return [request.phrase ?? "", request.breakGlass?.reason ?? ""];
    case "answer":
      return [request.value];
    case "note":
      return [request.text];
    case "attach":
      return [request.name, request.text ?? ""];
    default:
      return "reason" in request && request.reason !== undefined ? [request.reason] : [];
  }
}

/** A lock is taken away in the timeline of the run that has it before anybody else can have it. */
async function ask(request: RunRequest, deps: RunServiceDeps, tell: Tell): Promise<RunAnswer> {
  const answer = await tell(request.runId, commandOf(request, { at: deps.clock.now(), demands: deps.breakGlass?.() }));
  // "not-now" too: whoever took the lock away before may have died before giving it back. Then the refusal says the truth after it.
  if (request.type === "break-lock" && (answer.ok || answer.code === "not-now")) await releaseLock(request.runId, deps);
  return answer;
}

/** Gives back a lock that its run does not claim any more. One that was slow to get here finds that the run has asked for it again. */
async function releaseLock(runId: string, { locks, store }: RunServiceDeps): Promise<void> {
  const held = (await locks.list()).filter((lock) => lock.runId === runId);
  const run = replay((await store.read(runId)).map(({ event }) => event));
  if (run.status !== "open" || run.locked || run.phase.name === "locking") return;
  for (const { cluster } of held) await locks.release(cluster, runId);
}

type Tell = (runId: string, command: RunCommand) => Promise<RunAnswer>;

async function start(request: StartRequest, deps: RunServiceDeps, tell: Tell): Promise<RunAnswer> {
  const catalog = deps.catalog();
  const found = catalog.get(request.runbook);
  if (found === undefined)
    return {
      ok: false,
      why: `there is no runbook "${request.runbook}"${suggestion(request.runbook, [...catalog.keys()])}`,
      code: "no-such-runbook",
    };
  const resolved = resolveInputs(found.runbook, request.inputs, deps.clusters);
  if (!resolved.ok) return { ...resolved, code: "inputs" };
  const runId = deps.ids.next("run");
  return await tell(runId, {
    type: "Start",
    runId,
    runbook: found.runbook,
    runbookText: found.text,
    runbookDigest: found.digest,
    included: found.included,
    dryRun: request.dryRun ?? false,
    drill: request.drill ?? false,
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

type Asked = { readonly at: number; readonly demands: Role | undefined };

// oxlint-disable-next-line complexity -- one case a request
function commandOf(request: RunRequest, { at, demands }: Asked): RunCommand {
  const { by } = request;
  switch (request.type) {
    case "approve":
      return approval(request, { at, demands });
    case "reject":
      return { type: "Reject", gate: request.gateId, by, at, reason: request.reason };
    case "answer":
      return { type: "Answer", step: request.step, by, at, value: request.value };
    case "confirm-manual":
      return { type: "ConfirmManual", step: request.step, by, at };
    case "retry":
      return { type: "Retry", step: request.step, by, at, reason: request.reason ?? "" };
    case "reopen":
      return { type: "Reopen", step: request.step, by, at };
    case "skip":
      return { type: "Skip", step: request.step, by, at, reason: request.reason };
    case "mark-done":
      return { type: "MarkDone", step: request.step, by, at, reason: request.reason };
    case "assign":
      return { type: "Assign", to: request.to, by, at };
    case "note":
      return { type: "AddNote", text: request.text, by, at };
    case "attach":
      return attachment(request, at);
    case "break-lock":
      return { type: "LoseLock", by, at, reason: request.reason };
    case "abort":
      return { type: "Abort", by, at, reason: request.reason };
    default:
      return exhaustive(request);
  }
}

function approval(request: Extract<RunRequest, { type: "approve" }>, { at, demands }: Asked): RunCommand {
  const { gateId: gate, by, phrase, planHash, breakGlass } = request;
  return {
    type: "Approve",
    gate,
    by,
    at,
    ...(phrase !== undefined && { phrase }),
    ...(planHash !== undefined && { planHash }),
    ...(breakGlass !== undefined && { breakGlass: { ...breakGlass, demands } }),
  };
}

function attachment(request: Extract<RunRequest, { type: "attach" }>, at: number): RunCommand {
  const { by, name, sha256, bytes, text } = request;
  return { type: "Attach", by, at, name, sha256, bytes, text };
}
