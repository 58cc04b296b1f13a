import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** ServerSettings is the part of a server's own configuration by which its metrics can mislead. */
export type ServerSettings = {
  /** Empty: every server makes one up, and metrics begin with `cluster=""`. */
  readonly clusterName: string | undefined;
  /** Undefined: not said. In milliseconds; 0 is off. */
  readonly prometheusRetentionMs: number | undefined;
  readonly usageGaugePeriodMs: number | undefined;
};

const NANOSECONDS = 1_000_000;

/** `GET sys/config/state/sanitized` (token, `read`; no collector needs it): how the server that answers is configured, without secrets. */
export const sysConfigState: Endpoint<ServerSettings> = {
  path: "sys/config/state/sanitized",
  token: "read",
  answer: z
    .object({
      data: z.object({
        cluster_name: z.string().optional(),
        // Go's durations: nanoseconds.
        telemetry: z
          .object({ prometheus_retention_time: z.number().optional(), usage_gauge_period: z.number().optional() })
          .nullish(),
      }),
    })
    .transform(({ data: { cluster_name: clusterName, telemetry } }) => ({
      clusterName,
      prometheusRetentionMs: milliseconds(telemetry?.prometheus_retention_time),
      usageGaugePeriodMs: milliseconds(telemetry?.usage_gauge_period),
    })),
};

function milliseconds(nanoseconds: number | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : nanoseconds / NANOSECONDS;
}
