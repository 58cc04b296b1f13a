import type { ActionServices, ExecCommand, Investigations } from "../actions/services.ts";
import { createSnapshotTarget, type SnapshotTarget } from "../backup/snapshot-target.ts";
import { readSecret, type SecretEnvironment } from "../config/secret-source.ts";
import type { ClusterConfig, Config } from "../config/schema.ts";
import { diskReaders } from "../config/readers.ts";
import type { Exec } from "../config/sections/exec.ts";
import type { Investigations as InvestigationsConfig } from "../config/sections/investigations.ts";
import type { Prometheus } from "../config/sections/prometheus.ts";
import { createExecCommands } from "../exec/create-exec-commands.ts";
import { createHttpProbes } from "../http/probe-targets.ts";
import { createConnectPort } from "../http/connect-port.ts";
import { createDirectoryLists } from "../investigation/directory-lists.ts";
import { createPrometheusClient, type PrometheusClient } from "../prometheus/create-client.ts";
import type { RunStore } from "../runner/ports.ts";
import { createRunHistory } from "../runner/run-history.ts";
import { createBackupAge, type OpenBackupAge } from "./backup-age.ts";
import { createBackupDestination, createSnapshotPlace } from "./backup-watches.ts";
import { systemClock, systemTimers } from "./system.ts";

/** What checks and actions may use besides a cluster, and the end of it. */
export type OpenActionServices = { readonly services: ActionServices; readonly close: () => Promise<void> };

/** The part of the configuration that the services are made from. */
export type ActionServicesConfig = {
  readonly clusters: readonly Pick<ClusterConfig, "name" | "backups">[];
} & Pick<Config, "exec" | "investigations" | "prometheus" | "probes">;

/** Makes the services of the configuration, and the history of the store's runs; what it does not name is absent. Opens no connection and lists nothing. */
export function openActionServices(
  config: ActionServicesConfig,
  environment: SecretEnvironment,
  runs: Pick<RunStore, "list" | "read">,
): OpenActionServices {
  const prometheus = config.prometheus === undefined ? undefined : openPrometheus(config.prometheus, environment);
  const backups = openBackupAge(config, environment);
  const snapshots = openSnapshots(config, environment);
  return {
    services: {
      connectPort: createConnectPort(systemClock),
      ...(prometheus === undefined ? {} : { prometheus }),
      ...(config.probes.length === 0 ? {} : { httpProbes: createHttpProbes(config.probes, systemClock) }),
      ...(config.exec.length === 0
        ? {}
        : {
            exec: createExecCommands(config.exec.map(toCommand), {
              timers: systemTimers,
              isProgram: diskReaders.isProgram,
            }),
          }),
      ...(config.investigations === undefined ? {} : { investigations: openInvestigations(config.investigations) }),
      ...(backups === undefined ? {} : { backups }),
      ...(snapshots === undefined ? {} : { snapshots }),
      runs: createRunHistory(runs),
    },
    close: async () => {
      backups?.close();
      await prometheus?.close();
    },
  };
}

function toCommand({ timeout, verify, ...command }: Exec): ExecCommand {
  const look = verify && { argv: verify.argv, notDone: verify.notDone, timeoutMs: verify.timeout };
  return { ...command, clusters: command.clusters, timeoutMs: timeout, verify: look };
}

function openInvestigations({ directory }: InvestigationsConfig): Investigations {
  const lists = createDirectoryLists(directory);
  return {
    find: async (cluster, name, options) => {
      const found = await lists.find(cluster, name, options);
      if (found === undefined) return undefined;
      return { ...found, madeAt: Date.parse(found.madeAt), unresolved: found.unresolved.length };
    },
  };
}

function openPrometheus({ url, token, caFile, timeout }: Prometheus, environment: SecretEnvironment): PrometheusClient {
  return createPrometheusClient({
    url,
    timeoutMs: timeout,
    ...(token === undefined ? {} : { readToken: async () => await readSecret(token, environment) }),
    ...(caFile === undefined ? {} : { caFile }),
  });
}

/** A snapshot goes where its backups land: to the first place that the configuration has for the cluster. */
function openSnapshots({ clusters }: ActionServicesConfig, environment: SecretEnvironment): SnapshotTarget | undefined {
  const places = clusters.flatMap(({ name, backups: [first] }) =>
    first === undefined ? [] : [[name, createSnapshotPlace(first, environment)] as const],
  );
  return places.length === 0 ? undefined : createSnapshotTarget(new Map(places));
}

function openBackupAge({ clusters }: ActionServicesConfig, environment: SecretEnvironment): OpenBackupAge | undefined {
  const destinations = clusters.flatMap(({ name: cluster, backups }) =>
    backups.map((backup) => ({
      cluster,
      destination: createBackupDestination(backup, environment),
      refreshMs: backup.refresh,
    })),
  );
  return destinations.length === 0 ? undefined : createBackupAge(destinations, systemClock);
}
