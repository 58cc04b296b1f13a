import { actions, checks } from "../actions/registry.ts";
import type { CatalogEntry } from "../catalog/load.ts";
import { systemClock, systemIds, systemTimers, holderName } from "./system.ts";
import type { Config } from "../config/schema.ts";
import type { Logger } from "../lib/logger.ts";
import type { Declarations } from "../runbook/declarations.ts";
import { compileProgram } from "../runner/compile-program.ts";
import { createRunService, type RunningService } from "../runner/run-service.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { createVaultCluster } from "../vault/create-cluster.ts";

/** What runbooks may name in this version. */
export const declarations: Declarations = { checks, actions };

/** Core is what the server and the terminal share: the store, the clusters, and the runs. */
export type Core = {
  readonly store: Store;
  readonly clusters: ReadonlyMap<string, VaultCluster>;
  readonly runs: RunningService;
  /** Ends what was begun, in reverse order. */
  readonly close: () => Promise<void>;
};

/** What the core is made from. `env` is where secrets named by `{ env }` are looked up. */
export type CoreOptions = {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly catalog: () => ReadonlyMap<string, CatalogEntry>;
  readonly logger: Logger;
};

/** Opens the store and connects the parts; no call goes out and no run moves before `runs.begin()`. */
export function openCore({ config, env, catalog, logger }: CoreOptions): Core {
  const store = openSqliteStore({ path: config.store.path, logger });
  const clusters = new Map(
    config.clusters.map((cluster) => [
      cluster.name,
      createVaultCluster(cluster, { identityMemory: store.identities, env }),
    ]),
  );
  const runs = createRunService({
    store: store.runs,
    holders: store.holders,
    holder: holderName(),
    checks,
    actions,
    clusters,
    catalog,
    compile: (runbook) => compileProgram(runbook, declarations, actions),
    clock: systemClock,
    ids: systemIds,
    timers: systemTimers,
    logger,
  });
  return {
    store,
    clusters,
    runs,
    close: async () => {
      await runs.stop();
      await Promise.all([...clusters.values()].map(async (cluster) => await cluster.close()));
      store.close();
    },
  };
}
