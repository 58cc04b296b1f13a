import { actions, checks } from "../actions/registry.ts";
import type { CatalogEntry } from "../catalog/load.ts";
import { openClusters } from "./clusters.ts";
import { loginDependencies } from "./login-dependencies.ts";
import { systemClock, systemIds, systemTimers, holderName } from "./system.ts";
import type { Config } from "../config/schema.ts";
import type { Logger } from "../lib/logger.ts";
import type { Declarations } from "../runbook/declarations.ts";
import { compileProgram } from "../runner/compile-program.ts";
import { createRunService, type RunningService } from "../runner/run-service.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { ObserveCall } from "../vault/observe-transport.ts";

/** What runbooks may name in this version. */
export const declarations: Declarations = { checks, actions };

/** Core is what the server and the terminal share: the store, the clusters, and the runs. */
export type Core = {
  readonly store: Store;
  readonly clusters: ReadonlyMap<string, VaultCluster>;
  /** Begins to look for nodes that are not listed; waits for them a little, and never long. */
  readonly discover: () => Promise<void>;
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
  /** Is told of every call to Vault. */
  readonly observe?: ObserveCall;
};

/** Opens the store and connects the parts; nobody looks for nodes before `discover()`, and no run moves before `runs.begin()`. */
export function openCore({ config, env, catalog, logger, observe }: CoreOptions): Core {
  const store = openSqliteStore({ path: config.store.path, logger });
  const clusters = openClusters(config.clusters, {
    identityMemory: store.identities,
    env,
    login: loginDependencies(env, logger),
    logger,
    ...(observe === undefined ? {} : { observe }),
  });
  const runs = createRunService({
    store: store.runs,
    holders: store.holders,
    holder: holderName(),
    checks,
    actions,
    clusters: clusters.byName,
    catalog,
    compile: (runbook) => compileProgram(runbook, declarations, actions),
    clock: systemClock,
    ids: systemIds,
    timers: systemTimers,
    logger,
  });
  return {
    store,
    clusters: clusters.byName,
    discover: clusters.discover,
    runs,
    close: async () => {
      await runs.stop();
      await clusters.close();
      store.close();
    },
  };
}
