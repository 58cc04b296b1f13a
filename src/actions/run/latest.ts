import { z } from "zod";
import { formatDuration } from "../../lib/duration.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { requiredService } from "../required-service.ts";
import type { PastRun } from "../services.ts";

const NOTHING = {
  found: false,
  run_id: "",
  open: false,
  outcome: "",
  drill: false,
  started_by: "",
  age_seconds: 0,
  at: 0,
  ago: "",
};

/**
 * Finds the latest run of a runbook on this cluster in sealwatch's own store; it asks no node. Dry runs do not count. Drills do: a drill
 * that seals has sealed. A run of the runbook that asks finds itself.
 */
export const latest = defineCheck({
  name: "run.latest",
  summary: "Find the latest run of a runbook on the cluster",
  input: z.strictObject({
    runbook: z.string().min(1),
    /** Only a run in which this action was called, or may have been; empty: any run. */
    called: z.string().default(""),
    /** Only a run that is `open`, `resolved`, `stopped`, `failed` or `aborted`; `any`: however it stands. */
    state: z.enum(["any", "open", "resolved", "stopped", "failed", "aborted"]).default("any"),
  }),
  output: z.object({
    /** Without one, the other values are false, 0 and empty. */
    found: z.boolean(),
    run_id: z.string(),
    open: z.boolean(),
    /** `resolved`, `stopped`, `failed` or `aborted`; empty while it is open. */
    outcome: z.string(),
    drill: z.boolean(),
    /** Who started it. */
    started_by: z.string(),
    /** How long ago `at` was. */
    age_seconds: z.int(),
    /** Unix time in seconds of the last such call; without `called`, of the run's start. Two of them say which was later. */
    at: z.int(),
    /** The same for people: "2h 5m". */
    ago: z.string(),
  }),
  policy: [],
  read: async (context, { runbook, called, state }) => {
    const run = await findLatest(context, runbook, (past) => isIn(past, state) && calledAt(past, called) !== undefined);
    if (run === undefined) return NOTHING;
    const at = calledAt(run, called) ?? run.startedAt;
    const age = Math.max(0, context.clock.now() - at);
    return {
      found: true,
      run_id: run.id,
      open: run.endedAt === undefined,
      outcome: run.outcome,
      drill: run.drill,
      started_by: run.startedBy,
      age_seconds: Math.floor(age / 1000),
      at: Math.floor(at / 1000),
      ago: formatDuration(age),
    };
  },
});

async function findLatest(
  { cluster, services, signal }: ActionContext,
  runbook: string,
  fits: (run: PastRun) => boolean,
): Promise<PastRun | undefined> {
  const runs = requiredService(services.runs, {
    task: `look for runs of ${runbook} on ${cluster.name}`,
    lack: "this program keeps no runs",
    advice: "look into the channel where they are shown",
  });
  for await (const run of runs.of({ cluster: cluster.name, runbook }, { signal })) if (fits(run)) return run;
  return undefined;
}

function isIn({ endedAt, outcome }: PastRun, state: string): boolean {
  if (state === "any") return true;
  return state === "open" ? endedAt === undefined : outcome === state;
}

function calledAt({ calls, startedAt }: PastRun, called: string): number | undefined {
  return called === "" ? startedAt : calls.findLast(({ action }) => action === called)?.at;
}
