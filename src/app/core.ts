import { actions, checks } from "../actions/registry.ts";
import type { CatalogEntry } from "../catalog/entry.ts";
import { openClusters } from "./clusters.ts";
import { loginDependencies } from "./login-dependencies.ts";
import { systemClock, systemIds, systemTimers, holderName } from "./system.ts";
import type { Config } from "../config/schema.ts";
import type { Logger } from "../lib/logger.ts";
import type { Declarations } from "../runbook/declarations.ts";
import { compileProgram } from "../runner/compile-program.ts";
import { createRunService, type RunningService, type RunObserver } from "../runner/run-service.ts";
import { openActionServices } from "./action-services.ts";
import { openStore } from "./open-store.ts";
import type { Role } from "../access/person.ts";
import type { ActionServices } from "../actions/services.ts";
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
  /** The `access` of this moment; default: that of `config`. */
  readonly access?: () => Config["access"];
  /** Is told of every call to Vault. */
  readonly observe?: ObserveCall;
  /** Is told what happens to runs. */
  readonly observeRuns?: RunObserver;
};

/** Opens the store and connects the parts; nobody looks for nodes before `discover()`, and no run moves before `runs.begin()`. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { config, env, logger, observe } = options;
  const store = await openStore(config.store, { env, logger });
  const clusters = openClusters(config.clusters, {
    identityMemory: store.identities,
    env,
    login: loginDependencies(env, logger),
    logger,
    ...(observe === undefined ? {} : { observe }),
  });
  const { services, close: closeServices } = openActionServices(config, { env }, store.runs);
  const runs = openRuns(options, { store, clusters: clusters.byName, services });
  return {
    store,
    clusters: clusters.byName,
    discover: clusters.discover,
    runs,
    close: async () => {
      await runs.stop();
      await closeServices();
      await clusters.close();
      await store.close();
    },
  };
}

type Opened = {
  readonly store: Store;
  readonly clusters: Core["clusters"];
  readonly services: ActionServices;
};

function openRuns(
  { config, catalog, logger, access = () => config.access, observeRuns }: CoreOptions,
  { store, clusters, services }: Opened,
): RunningService {
  const breakGlass = (): Role | undefined => {
    const { enabled, role } = access().breakGlass;
    return enabled ? role : undefined;
  };
  return createRunService({
    store: store.runs,
    locks: store.locks,
    holders: store.holders,
    holder: holderName(),
    checks,
    actions,
    clusters,
    services,
    catalog,
    compile: (runbook, included) => compileProgram(runbook, included, declarations, actions),
    clock: systemClock,
    ids: systemIds,
    timers: systemTimers,
    logger,
    breakGlass,
    ...(observeRuns === undefined ? {} : { observer: observeRuns }),
  });
}
