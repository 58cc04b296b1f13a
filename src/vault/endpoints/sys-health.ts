import { z } from "zod";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { parseAnswer } from "../answer.ts";

/** Every code by which `sys/health` answers; the body is the same for each (Vault ≥ 1.19 added 474 and 530). */
export const HEALTH_CODES = [429, 472, 473, 474, 501, 503, 530] as const;

const Answer = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
  standby: z.boolean(),
  performance_standby: z.boolean().optional(),
  enterprise: z.boolean().optional(),
  server_time_utc: z.number(),
  version: z.string().default(""),
  cluster_name: z.string().optional(),
  cluster_id: z.string().optional(),
  clock_skew_ms: z.number().optional(),
  echo_duration_ms: z.number().optional(),
  removed_from_cluster: z.boolean().optional(),
  ha_connection_healthy: z.boolean().optional(),
  replication_dr_mode: z.string().optional(),
  replication_performance_mode: z.string().optional(),
});

/** What a node says of itself in `sys/health`. A sealed node has no cluster name and always calls itself a standby. */
export type SysHealth = {
  readonly statusCode: number;
  readonly initialized: boolean;
  readonly sealed: boolean;
  readonly standby: boolean;
  /** Unix time in seconds, by the node's clock. */
  readonly serverTimeSeconds: number;
  /** Empty when the listener hides it. */
  readonly version: string;
  readonly clusterName: string | undefined;
  readonly clusterId: string | undefined;
  /** Undefined when the node does not tell: Vault before 1.19, OpenBao. */
  readonly removedFromCluster: boolean | undefined;
  /** Whether this standby hears from the active node; undefined when it is none, or does not tell (Vault before 1.19, OpenBao). */
  readonly haConnectionHealthy: boolean | undefined;
  /** Undefined for OpenBao, which has none. */
  readonly performanceStandby: boolean | undefined;
  /** Vault before 1.17 tells it by its version alone. */
  readonly enterprise: boolean;
  /** `disabled`, `primary`, `secondary`, or `unknown` while sealed; undefined for OpenBao, which has no replication. */
  readonly replicationDrMode?: string | undefined;
  readonly replicationPerformanceMode?: string | undefined;
  /** Whether the body has keys that only HashiCorp's Vault sends: no endpoint names the product. */
  readonly hasVaultOnlyKeys: boolean;
};

/** Reads `GET sys/health` (no token, local, answers in every state); a 429 whose body is not health is a quota and throws. */
export async function readSysHealth(transport: VaultTransport, options: CallOptions = {}): Promise<SysHealth> {
  const response = await transport.request({
    ...options,
    method: "GET",
    path: "sys/health",
    token: "none",
    accept: HEALTH_CODES,
  });
  const answer = parseAnswer(transport, "sys/health", Answer, response);
  return {
    statusCode: response.statusCode,
    initialized: answer.initialized,
    sealed: answer.sealed,
    standby: answer.standby,
    serverTimeSeconds: answer.server_time_utc,
    version: answer.version,
    clusterName: answer.cluster_name,
    clusterId: answer.cluster_id,
    removedFromCluster: answer.removed_from_cluster,
    haConnectionHealthy: answer.ha_connection_healthy,
    performanceStandby: answer.performance_standby,
    enterprise: answer.enterprise ?? answer.version.includes("+ent"),
    replicationDrMode: answer.replication_dr_mode,
    replicationPerformanceMode: answer.replication_performance_mode,
    hasVaultOnlyKeys: [
      answer.performance_standby,
      answer.enterprise,
      answer.clock_skew_ms,
      answer.echo_duration_ms,
    ].some((value) => value !== undefined),
  };
}
