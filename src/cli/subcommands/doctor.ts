import { openClusters } from "../../app/clusters.ts";
import { loginDependencies } from "../../app/login-dependencies.ts";
import { usedCollectors } from "../../app/exporter-setup.ts";
import type { Settings } from "../../app/load-settings.ts";
import { systemClock, systemTimers } from "../../app/system.ts";
import type { ClusterConfig } from "../../config/schema.ts";
import { createCollectors } from "../../exporter/registry.ts";
import { silentLogger, type LogFacts } from "../../lib/logger.ts";
import { suggestion } from "../../lib/nearest.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import { usedActions } from "../policy/policy-sources.ts";
import { examineCluster } from "../doctor/examine-cluster.ts";
import { examineProgram } from "../doctor/examine-program.ts";
import { renderRows, toRow } from "../doctor/report.ts";
import type { ReportRow } from "../doctor/report.ts";
import { rules } from "../doctor/rules.ts";
import { EXIT, type Io } from "../io.ts";
import type { Env } from "../settings.ts";

/** What the command line gave. */
export type DoctorOptions = { readonly cluster: string | undefined; readonly env: Env; readonly json: boolean };

/** Examines the clusters of the configuration, or one of them; 1 when there is a problem. Ends within half a minute, whatever hangs. */
export async function doctor(io: Io, settings: Settings, { cluster, env, json }: DoctorOptions): Promise<number> {
  const configured = settings.config.clusters;
  const wanted = configured.filter(({ name }) => cluster === undefined || name === cluster);
  if (wanted.length === 0) {
    const names = configured.map(({ name }) => name);
    io.err(`sealwatch doctor: there is no cluster "${cluster}"${suggestion(cluster ?? "", names)}`);
    return EXIT.badInput;
  }
  const tell = (message: string, facts?: LogFacts): void =>
    io.err(`${String(facts?.["cluster"] ?? "sealwatch")}: ${message}: ${String(facts?.["why"] ?? "")}`);
  // Nothing is remembered: an examination must not pin what it came to doubt.
  const clusters = openClusters(wanted, {
    env,
    identityMemory: { load: () => undefined, save: () => {} },
    // A login that fails is a finding; why the search for nodes fails is told nowhere else.
    login: loginDependencies(env, silentLogger),
    logger: { ...silentLogger, warn: tell, error: tell },
  });
  try {
    await clusters.discover();
    const judge = async (config: ClusterConfig): Promise<readonly ReportRow[]> => {
      const opened = clusters.byName.get(config.name);
      return opened === undefined ? [] : await judgeCluster(io, settings, { config, cluster: opened });
    };
    const rows = [...(await Promise.all(wanted.map(judge))).flat(), ...(await judgeProgram(settings, env))];
    if (json) io.out(JSON.stringify(rows, undefined, 2));
    else for (const line of renderRows(rows)) io.out(line);
    return rows.some(({ level }) => level === "problem") ? EXIT.failed : EXIT.fine;
  } finally {
    await clusters.close();
  }
}

async function judgeCluster(
  io: Io,
  settings: Settings,
  { config, cluster }: { readonly config: ClusterConfig; readonly cluster: VaultCluster },
): Promise<readonly ReportRow[]> {
  const exam = await examineCluster({
    config,
    cluster,
    collectors: createCollectors({ backups: [], enabled: [...usedCollectors(settings.config)] }),
    actions: usedActions(settings),
    wantsStandbyMetrics: wantsStandbyMetrics(settings.config.exporter),
    clock: systemClock,
    timers: systemTimers,
    onSlow: (node) => io.err(`${config.name}: ${node} has not answered yet`),
  });
  return rules.flatMap(({ name, judge }) => judge(exam).map((diagnosis) => toRow(config.name, name, diagnosis)));
}

function wantsStandbyMetrics({ passthrough, modules }: Settings["config"]["exporter"]): boolean {
  return [passthrough, ...Object.values(modules).map((module) => module.passthrough)].some(
    (each) => each?.mode === "all",
  );
}

async function judgeProgram(settings: Settings, env: Env): Promise<readonly ReportRow[]> {
  return (await examineProgram(settings, env)).map(({ rule, diagnosis }) => toRow(null, rule, diagnosis));
}
