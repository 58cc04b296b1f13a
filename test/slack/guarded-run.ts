import { z } from "zod";
import { defineAction, type Action } from "../../src/actions/action.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import { createRunService, type RunningService } from "../../src/runner/run-service.ts";
import type { Store } from "../../src/store/store.ts";
import { createManualTime, settled } from "../runner/manual-time.ts";
import { cluster, goodOutside, registriesOf, runbookOf } from "../runner/runner-world.ts";

/** The run that `startGuardedRun` starts. */
export const RUN = "run-1";

/** The runbook of it. */
export const runbook = runbookOf({ id: "restart", do: "test.restart" });

/** How strong the gate of the run is: `disruptive` is approved by a button, `destructive` by a form with the cluster's name. */
export type Danger = "disruptive" | "destructive";

/** Makes the real run service over a store, with one runbook that does one thing. Its time stands still. */
export function createGuardedService(store: Pick<Store, "runs" | "locks" | "holders">, danger: Danger): RunningService {
  const { checks } = registriesOf(goodOutside());
  const actions: ReadonlyMap<string, Action> = new Map([["test.restart", restart(danger)]]);
  const time = createManualTime();
  let count = 0;
  return createRunService({
    checks,
    actions,
    store: store.runs,
    locks: store.locks,
    services: {},
    holders: store.holders,
    holder: "host:1:x",
    clusters: new Map([["prod", cluster]]),
    catalog: () => new Map([[runbook.id, { runbook, text: "text", digest: "digest", included: {} }]]),
    compile: (text, included) => compileProgram(text, included, { checks, actions }, actions),
    clock: time.clock,
    timers: time.timers,
    ids: { next: (kind) => `${kind}-${(count += 1)}` },
    logger: silentLogger,
  });
}

function restart(danger: Danger): Action {
  return defineAction({
    name: "test.restart",
    summary: "s",
    danger,
    effect: "once",
    input: z.object({}),
    output: z.object({}),
    policy: [],
    grants: [],
    verifyWithinMs: 5000,
    explain: () => ({ call: "POST restart", cost: "a minute without it", proof: "it answers" }),
    preconditions: async () => await Promise.resolve([{ name: "voters", ok: true, value: 3, text: "3 voters" }]),
    perform: async () => await Promise.resolve({}),
    probe: async () => await Promise.resolve({ verdict: "done", evidence: "it answers" }),
  });
}

/** Starts the run as alice, an approver too: that she started it is all that keeps her from approving it. Gives the id of the gate at which it waits. */
export async function startGuardedRun(service: RunningService): Promise<string> {
  await service.begin();
  const by = { id: "alice", name: "alice", role: "approver", groups: [] } as const;
  const origin = { surface: "slack" } as const;
  const answer = await service.start({ runbook: runbook.id, inputs: { cluster: "prod" }, by, origin });
  if (!answer.ok) throw new Error(answer.why);
  await settled();
  const run = (await service.get(RUN))?.run;
  if (run?.status !== "open" || run.phase.name !== "gate") throw new Error("the run does not wait at a gate");
  return run.gates[0]?.gate.id ?? "";
}
