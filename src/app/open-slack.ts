import type { Config } from "../config/schema.ts";
import type { Slack } from "../config/sections/slack.ts";
import type { BackupWatch } from "../backup/watch.ts";
import type { Collector } from "../exporter/collector.ts";
import type { SlackMetrics } from "../exporter/slack/slack-metrics.ts";
import type { Logger } from "../lib/logger.ts";
import type { SlackBot } from "../slack/app.ts";
import type { Core } from "./core.ts";
import { usedCollectors } from "./exporter-setup.ts";
import { matchGroup } from "./match-group.ts";
import { openPeople } from "./open-people.ts";
import type { Reloadable } from "./reload.ts";
import { slackApprovers } from "./slack-approvers.ts";
import { readSlackConfig } from "./slack-config.ts";
import { createSlackInsight } from "./slack-insight.ts";
import { systemClock, systemTimers } from "./system.ts";

/** What the bot is opened with. */
export type SlackParts = {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly core: Core;
  readonly reloadable: Reloadable;
  readonly watches: readonly BackupWatch[];
  readonly collectors: readonly Collector[];
  readonly metrics: SlackMetrics | undefined;
  /** Where the program listens. */
  readonly address: string;
};

/** Starts the bot when Slack is configured. */
export async function openSlack(parts: SlackParts): Promise<SlackBot | undefined> {
  const { config, env, logger, core, reloadable, metrics, address } = parts;
  const { slack, externalUrl } = config;
  if (slack === undefined) return undefined;
  // Bolt is heavy: an exporter alone does not load it.
  const { startSlackBot } = await import("../slack/app.ts");
  const people = openPeople({ config: reloadable.config.current, env, logger });
  return await startSlackBot({
    config: await readSlackConfig(slack, { env }),
    ...storeParts(core),
    insight: openInsight(parts),
    ...(metrics !== undefined && { observer: metrics.observer }),
    catalog: reloadable.runbooks.current,
    clusters: [...core.clusters.values()],
    channelOf: (cluster) => channelOf(slack, cluster),
    identify: people.bySlack,
    forgetGroups: people.forgetSlack,
    approvers: async (gate) => await slackApprovers(people, gate, reloadable.config.current().access.groups),
    memberOf: ({ id }) => people.memberOf(id),
    askWhom: async () => await people.slackIds({ role: "admin" }),
    breakGlass: () => reloadable.config.current().access.breakGlass.enabled,
    match: (group) => matchGroup(group, reloadable.runbooks.current()),
    drawChart: async (chart) => await (await import("../chart/draw-chart.ts")).drawChart(chart),
    clock: systemClock,
    timers: systemTimers,
    logger,
    externalUrl: externalUrl ?? address,
  });
}

function storeParts({ runs, store }: Core) {
  const { alerts, messages, outbox, inbox, timedLock } = store;
  return { runs, alerts, messages, outbox, inbox, lock: timedLock };
}

function channelOf({ channel, channels }: Slack, cluster: string | undefined): string {
  return cluster !== undefined && Object.hasOwn(channels, cluster) ? (channels[cluster] ?? channel) : channel;
}

function openInsight({ core, reloadable, watches, collectors, logger }: SlackParts) {
  return createSlackInsight({
    clusters: [...core.clusters.values()],
    backups: watches,
    collectors,
    isOn: (name) => usedCollectors(reloadable.config.current()).has(name),
    runs: core.runs,
    catalog: reloadable.runbooks.current,
    clock: systemClock,
    timers: systemTimers,
    logger,
  });
}
