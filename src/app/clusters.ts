import type { ClusterConfig } from "../config/schema.ts";
import { createDiscovery } from "../discovery/create-discovery.ts";
import type { NodeDiscovery } from "../discovery/node-discovery.ts";
import type { Logger } from "../lib/logger.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { createVaultCluster, type ClusterDependencies } from "../vault/create-cluster.ts";
import { systemChance, systemClock, systemTimers } from "./system.ts";

/** How long anybody waits for the first look. What is found later comes in as it is found. */
const FIRST_LOOK_MS = 2000;

/** Clusters are the configured clusters, with whatever looks for their nodes. */
export type Clusters = {
  readonly byName: ReadonlyMap<string, VaultCluster>;
  /** Begins to look for nodes, and gives the first look a little time; what is needed most when all else is down does not wait for DNS. */
  readonly discover: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What the clusters are made with, besides their configuration. */
export type ClustersOptions = Pick<ClusterDependencies, "identityMemory" | "observe" | "login"> & {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
};

/** Makes the clusters of a configuration; no call goes out and nothing is looked for yet. */
export function openClusters(configured: readonly ClusterConfig[], options: ClustersOptions): Clusters {
  const opened = configured.map((config) => openCluster(config, options));
  const discoveries = opened.flatMap(({ discovery }) => discovery ?? []);
  return {
    byName: new Map(opened.map(({ cluster }) => [cluster.name, cluster])),
    discover: async () => await withinFirstLook(discoveries.map(async (each) => await each.start())),
    close: async () => {
      for (const each of discoveries) each.stop();
      await Promise.all(opened.map(async ({ cluster }) => await cluster.close()));
    },
  };
}

type Opened = { readonly cluster: VaultCluster; readonly discovery: NodeDiscovery | undefined };

function openCluster(config: ClusterConfig, { logger, ...options }: ClustersOptions): Opened {
  const about = withCluster(logger, config.name);
  const discovery = createDiscovery(config, {
    clock: systemClock,
    timers: systemTimers,
    chance: systemChance,
    logger: about,
    env: options.env,
    cluster: () => cluster,
  });
  const report = ({ message }: { readonly message: string }): void =>
    about.error("a found node cannot be spoken to", { why: message });
  const cluster = createVaultCluster(config, { ...options, discovery, report });
  return { cluster, discovery };
}

async function withinFirstLook(looks: readonly Promise<void>[]): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = systemTimers.after(FIRST_LOOK_MS, resolve);
  await Promise.race([Promise.all(looks), late]);
  cancel();
}

function withCluster(logger: Logger, cluster: string): Logger {
  return {
    debug: (message, facts) => logger.debug(message, { cluster, ...facts }),
    info: (message, facts) => logger.info(message, { cluster, ...facts }),
    warn: (message, facts) => logger.warn(message, { cluster, ...facts }),
    error: (message, facts) => logger.error(message, { cluster, ...facts }),
  };
}
