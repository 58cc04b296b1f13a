import { systemClock, systemIds, systemTimers } from "../../src/app/system.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import { createRunService, type RunningService } from "../../src/runner/run-service.ts";
import type { Runbook } from "../../src/runbook/schema.ts";
import type { Store } from "../../src/store/store.ts";
import { cluster, registriesOf, type Outside } from "./runner-world.ts";

/** The parts of a store that a run service needs; both kinds of stores have them. */
export type RunParts = Pick<Store, "runs" | "locks" | "holders">;

/** Creates the run service of one replica on a real store with real time; it carries runs once `begin` was called. */
export function createReplica(
  store: RunParts,
  holder: string,
  { runbook, outside }: { readonly runbook: Runbook; readonly outside: Outside },
): RunningService {
  const registries = registriesOf(outside);
  return createRunService({
    ...registries,
    store: store.runs,
    locks: store.locks,
    services: {},
    holders: store.holders,
    holder,
    clusters: new Map([["prod", cluster]]),
    catalog: () => new Map([[runbook.id, { runbook, text: "text", digest: "digest", included: {} }]]),
    compile: (text, included) => compileProgram(text, included, registries, registries.actions),
    clock: systemClock,
    timers: systemTimers,
    ids: systemIds,
    logger: silentLogger,
  });
}
