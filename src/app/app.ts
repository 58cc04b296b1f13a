import { createAlertmanagerRouter } from "../alertmanager/webhook.ts";
import type { BackupWatch } from "../backup/watch.ts";
import { readSecret } from "../config/secret-source.ts";
import type { Config } from "../config/schema.ts";
import { createCallRecorder, type CallRecorder } from "../exporter/call-recorder.ts";
import type { Collector } from "../exporter/collector.ts";
import { createCollectors } from "../exporter/registry.ts";
import type { RunMetrics } from "../exporter/runs/run-metrics.ts";
import type { SlackMetrics } from "../exporter/slack/slack-metrics.ts";
import { createLifecycleRouter } from "../http/lifecycle.ts";
import { startHttpServer } from "../http/server.ts";
import type { Logger } from "../lib/logger.ts";
import { toFailure } from "../lib/failure.ts";
import type { AlertGroup } from "../runner/ports.ts";
import type { SlackBot } from "../slack/app.ts";
import { createWebRouter } from "../web/router.ts";
import { createBackupWatches } from "./backup-watches.ts";
import { createCleanup } from "./cleanup.ts";
import { openCore, type Core } from "./core.ts";
import { createExporter, type Exporter } from "./exporter.ts";
import type { Settings } from "./load-settings.ts";
import { openRunMetrics } from "./open-run-metrics.ts";
import { openSlack } from "./open-slack.ts";
import { openSlackMetrics } from "./open-slack-metrics.ts";
import { readExport } from "./read-export.ts";
import { createReloadable, type Reloadable } from "./reload.ts";
import { selfGauges } from "./self-gauges.ts";
import { createSlackRouter, type SlackRouter } from "./slack-router.ts";
import { createReadiness } from "./start-readiness.ts";
import { systemClock, systemTimers } from "./system.ts";
import { tellAlerts } from "./tell-alerts.ts";
import { openWebAccess } from "./web-access.ts";

/** What the server is started with. */
export type AppOptions = {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly flags?: ServeFlags;
};

/** What the command line says besides the configuration, and before it. */
export type ServeFlags = {
  /** Instead of `exporter.webConfigFile`. */
  readonly webConfigFile?: string | undefined;
  /** As `exporter.compatMetrics`, whatever that says. */
  readonly compatMetrics?: boolean | undefined;
};

/** App is the running server: exporter, webhook, pages and Slack bot, on one store. */
export type App = {
  /** Where it listens, with the real port. */
  readonly address: string;
  readonly core: Core;
  readonly slack: SlackBot | undefined;
  /** Loads configuration and runbooks anew; a bad file changes nothing. */
  readonly reload: () => Promise<boolean>;
  /** Takes nothing new, parks the runs, flushes messages, closes the store. */
  readonly stop: () => Promise<void>;
};

/** Starts everything that is configured; when a part cannot start, ends what was started before it and throws. */
export async function startApp(options: AppOptions): Promise<App> {
  const { settings, env, logger } = options;
  const cleanup = createCleanup();
  try {
    const reloadable = createReloadable(settings, env, logger, await openWeb(options));
    const recorder = createCallRecorder(systemClock);
    const runMetrics = openRunMetrics(reloadable, settings.config, logger);
    const core = await openCore({
      config: settings.config,
      env,
      catalog: reloadable.runbooks.current,
      access: () => reloadable.config.current().access,
      logger,
      observe: recorder.observe,
      observeRuns: runMetrics.observer,
    });
    cleanup.add(core.close);
    await core.discover();
    const watches = createBackupWatches(settings.config.clusters, { env });
    const collectors = collectorsOf(options, core, watches);
    const slackMetrics = openSlackMetrics(settings.config, logger);
    const slackRouter = createSlackRouter();
    // First what must be there whatever Slack does: metrics, webhook, pages, and the runs that were interrupted.
    const bot: Bot = { slack: undefined };
    const parts = { ...options, core, reloadable, recorder, runMetrics, collectors, slackMetrics, slackRouter };
    const exporter = createAppExporter({ ...parts, bot });
    cleanup.add(exporter.stop);
    exporter.follow();
    const reload = async (): Promise<boolean> => {
      const isGood = await reloadable.reload();
      exporter.follow();
      return isGood;
    };
    const server = await startServer({ ...parts, bot, exporter, reload });
    cleanup.add(server.close);
    await core.runs.begin();
    await tellAlerts({ runs: core.runs, alerts: core.store.alerts, logger });
    const { config } = settings;
    bot.slack = await openSlack({ ...parts, config, watches, metrics: slackMetrics, address: server.address });
    if (bot.slack !== undefined) cleanup.add(bot.slack.stop);
    if (bot.slack?.handle !== undefined) slackRouter.become(bot.slack.handle);
    return { address: server.address, core, slack: bot.slack, reload, stop: cleanup.run };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** The bot comes after the server, which tells it of alerts. What comes before it is in the store, where the bot finds it. */
type Bot = { slack: SlackBot | undefined };

type Parts = AppOptions & {
  readonly core: Core;
  readonly reloadable: Reloadable;
  readonly recorder: CallRecorder;
  readonly runMetrics: RunMetrics;
  readonly collectors: readonly Collector[];
  readonly slackMetrics: SlackMetrics | undefined;
  readonly slackRouter: SlackRouter;
  readonly bot: Bot;
};

type ServerParts = Parts & { readonly exporter: Exporter; readonly reload: () => Promise<boolean> };

async function openWeb({ settings, flags, logger }: AppOptions) {
  const file = flags?.webConfigFile ?? settings.config.exporter.webConfigFile;
  return file === undefined ? undefined : await openWebAccess(file, systemClock, logger);
}

function createAppExporter(parts: Parts): Exporter {
  const { flags, core, reloadable, recorder, runMetrics, slackMetrics, collectors, bot, logger } = parts;
  return createExporter({
    config: () => withFlags(reloadable.config.current(), flags),
    clusters: [...core.clusters.values()],
    collectors,
    recorder,
    gauges: selfGauges(reloadable),
    families: async () => {
      const families = await Promise.all([runMetrics.families(core.store), slackMetrics?.families(bot.slack) ?? []]);
      return families.flat();
    },
    logger,
  });
}

function withFlags({ exporter }: Config, flags: ServeFlags = {}): Pick<Config, "exporter"> {
  return { exporter: { ...exporter, compatMetrics: flags.compatMetrics === true || exporter.compatMetrics } };
}

async function startServer(parts: ServerParts) {
  const { settings, env, logger, core, reloadable, exporter, reload, slackRouter, bot } = parts;
  const { config } = settings;
  const clusters = [...core.clusters.values()];
  const slack = config.slack?.mode === "http" ? [slackRouter.router] : [];
  const lifecycle = createLifecycleRouter({
    ready: createReadiness({ config, bot: () => bot.slack, clock: systemClock }),
    reload: async () => ((await reload()) ? [] : reloadable.problems()),
  });
  const web = createWebRouter({
    runs: core.runs,
    exportRun: async (runId, format) => await readExport(core, runId, format),
    catalog: reloadable.runbooks.current,
    clusters,
    clock: systemClock,
    logger,
  });
  const { alertmanager } = config;
  const webhook =
    alertmanager === undefined
      ? []
      : [
          createAlertmanagerRouter({
            token: async () => await readSecret(alertmanager.token, { env }),
            store: core.store.alerts,
            clock: systemClock,
            onGroup: async (group) => await onGroup(parts, group),
            logger,
          }),
        ];
  return await startHttpServer({
    listen: config.listen,
    routers: [lifecycle, ...exporter.routers, ...webhook, ...slack, web],
    logger,
    ...(reloadable.web === undefined ? {} : { web: { access: reloadable.web, clock: systemClock } }),
  });
}

async function onGroup({ core, bot, logger }: Parts, group: AlertGroup): Promise<void> {
  bot.slack?.publishAlert(group);
  try {
    await core.runs.noteAlert(group.key, group.status);
  } catch (error) {
    logger.error("cannot tell the runs of an alert", { why: toFailure(error).message });
  }
}

/** Makes every collector, used or not: a reload may want it. */
function collectorsOf(
  { settings: { config }, logger }: AppOptions,
  { clusters, store }: Core,
  watches: readonly BackupWatch[],
): readonly Collector[] {
  return createCollectors({
    backups: watches,
    leaseWalk: {
      clusters: [...clusters.values()],
      settings: config.exporter.leaseWalk,
      lock: store.timedLock,
      clock: systemClock,
      timers: systemTimers,
      logger,
    },
  });
}
