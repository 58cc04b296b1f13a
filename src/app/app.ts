import { createAlertmanagerRouter } from "../alertmanager/webhook.ts";
import { matchRunbook } from "../alertmanager/match.ts";
import { readSecret } from "../config/secret-source.ts";
import type { Config } from "../config/schema.ts";
import { createCallRecorder, type CallRecorder } from "../exporter/call-recorder.ts";
import type { Collector } from "../exporter/collector.ts";
import { createCollectors } from "../exporter/registry.ts";
import type { RunMetrics } from "../exporter/runs/run-metrics.ts";
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
import { openPeople } from "./open-people.ts";
import { readExport } from "./read-export.ts";
import { createReloadable, type Reloadable } from "./reload.ts";
import { slackApprovers } from "./slack-approvers.ts";
import { selfGauges } from "./self-gauges.ts";
import { systemClock, systemTimers } from "./system.ts";
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
    const parts = { ...options, core, reloadable, recorder, runMetrics };
    // First what must be there whatever Slack does: metrics, webhook, pages, and the runs that were interrupted.
    const bot: Bot = { slack: undefined };
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
    bot.slack = await startSlack({ ...options, core, reloadable, address: server.address });
    if (bot.slack !== undefined) cleanup.add(bot.slack.stop);
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
  readonly bot: Bot;
};

type ServerParts = Parts & { readonly exporter: Exporter; readonly reload: () => Promise<boolean> };

async function openWeb({ settings, flags, logger }: AppOptions) {
  const file = flags?.webConfigFile ?? settings.config.exporter.webConfigFile;
  return file === undefined ? undefined : await openWebAccess(file, systemClock, logger);
}

function createAppExporter(parts: Parts): Exporter {
  const { settings, flags, core, reloadable, recorder, runMetrics, bot, logger } = parts;
  const isSlackConnected = (): boolean => bot.slack?.state() === "connected";
  return createExporter({
    config: () => withFlags(reloadable.config.current(), flags),
    clusters: [...core.clusters.values()],
    collectors: collectorsOf(parts),
    recorder,
    gauges: selfGauges(reloadable, settings.config.slack === undefined ? undefined : isSlackConnected),
    families: async () => await runMetrics.families(core.store),
    logger,
  });
}

function withFlags({ exporter }: Config, flags: ServeFlags = {}): Pick<Config, "exporter"> {
  return { exporter: { ...exporter, compatMetrics: flags.compatMetrics === true || exporter.compatMetrics } };
}

async function startServer(parts: ServerParts) {
  const { settings, env, logger, core, reloadable, exporter, reload } = parts;
  const { config } = settings;
  const clusters = [...core.clusters.values()];
  const lifecycle = createLifecycleRouter({
    // Slack is no part of it: a probe that fails takes metrics and webhook away just when they are needed.
    ready: () => ({ ready: true }),
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
    routers: [lifecycle, ...exporter.routers, ...webhook, web],
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

type SlackParts = AppOptions & { readonly core: Core; readonly reloadable: Reloadable; readonly address: string };

async function startSlack(parts: SlackParts): Promise<SlackBot | undefined> {
  const { settings, env, logger, core, reloadable, address } = parts;
  const { slack, externalUrl } = settings.config;
  if (slack === undefined) return undefined;
  // Bolt is heavy: an exporter alone does not load it.
  const { startSlackBot } = await import("../slack/app.ts");
  const people = openPeople({ config: reloadable.config.current, env, logger });
  return await startSlackBot({
    config: {
      appToken: await readSecret(slack.appToken, { env }),
      botToken: await readSecret(slack.botToken, { env }),
      channel: slack.channel,
      apiUrl: slack.apiUrl,
    },
    runs: core.runs,
    alerts: core.store.alerts,
    messages: core.store.messages,
    catalog: reloadable.runbooks.current,
    clusters: [...core.clusters.values()],
    identify: people.bySlack,
    approvers: async (gate) => await slackApprovers(people, gate),
    breakGlass: () => reloadable.config.current().access.breakGlass.enabled,
    match: (group) => matchGroup(group, reloadable),
    clock: systemClock,
    logger,
    externalUrl: externalUrl ?? address,
  });
}

/** The first firing alert of a group that a runbook answers. */
function matchGroup(group: AlertGroup, reloadable: Reloadable) {
  const runbooks = [...reloadable.runbooks.current().values()].map(({ runbook }) => runbook);
  const alerts = [...group.alerts].sort(
    (left, right) => Number(right.status === "firing") - Number(left.status === "firing"),
  );
  for (const { labels } of alerts) {
    const match = matchRunbook(labels, runbooks);
    if (match !== undefined) return match;
  }
  return undefined;
}

/** Makes every collector, used or not: a reload may want it. */
function collectorsOf({ settings: { config }, env, logger, core }: Parts): readonly Collector[] {
  const { clusters, store } = core;
  return createCollectors({
    backups: createBackupWatches(config.clusters, { env }),
    leaseWalk: {
      clusters: [...clusters.values()],
      settings: config.exporter.leaseWalk,
      lock: store.walkLock,
      clock: systemClock,
      timers: systemTimers,
      logger,
    },
  });
}
