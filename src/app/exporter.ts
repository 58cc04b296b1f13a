import type { Router } from "express";
import type { Config } from "../config/schema.ts";
import type { CallRecorder } from "../exporter/call-recorder.ts";
import type { Collector } from "../exporter/collector.ts";
import type { ExposedFamily } from "../exporter/expose.ts";
import { createProbeHistory } from "../exporter/probe-history.ts";
import { createExporterPages } from "../exporter/pages-router.ts";
import { createMetricsRouter } from "../exporter/router.ts";
import { createSelf, type Self, type SelfGauge } from "../exporter/self.ts";
import type { Logger } from "../lib/logger.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { sendPage } from "../web/page.ts";
import { createCollectorLife } from "./collector-life.ts";
import { exporterSetup, usedCollectors } from "./exporter-setup.ts";
import { packageRevision, packageVersion } from "./package-files.ts";
import { systemClock, systemTimers } from "./system.ts";

/** What the exporter is made from. */
export type ExporterOptions = {
  /** The configuration in use. */
  readonly config: () => Pick<Config, "exporter">;
  readonly clusters: readonly VaultCluster[];
  /** Every collector, whether it is used or not. */
  readonly collectors: readonly Collector[];
  /** The one to which the clusters tell their calls. */
  readonly recorder: CallRecorder;
  readonly gauges: readonly SelfGauge[];
  /** What else the program tells of itself at each scrape; never rejects. */
  readonly families?: () => Promise<readonly ExposedFamily[]>;
  readonly logger: Logger;
};

/** Exporter is what Prometheus scrapes: its routers, and the collectors' own work. */
export type Exporter = {
  readonly routers: readonly Router[];
  /** Begins and ends the collectors' own work as the configuration in use has it; the pages follow it by themselves. */
  readonly follow: () => void;
  readonly stop: () => Promise<void>;
};

/** Makes the exporter; no collector works before `follow`. */
export function createExporter({ config, recorder, gauges, families, logger, ...parts }: ExporterOptions): Exporter {
  const history = createProbeHistory();
  const setup = () => exporterSetup(config(), parts);
  const life = createCollectorLife(parts.collectors, logger);
  const self = createSelf({
    version: packageVersion(),
    nodeVersion: process.version,
    revision: packageRevision(),
    gauges,
  });
  const told: Self = {
    families: async () => [...(await self.families()), ...((await families?.()) ?? [])],
  };
  return {
    routers: [
      createMetricsRouter({ setup, clock: systemClock, timers: systemTimers, self: told, recorder, history, logger }),
      createExporterPages({ setup, history, clock: systemClock, sendPage }),
    ],
    follow: () => life.use(usedCollectors(config())),
    stop: life.stop,
  };
}
