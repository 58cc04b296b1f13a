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
  readonly removedFromCluster: boolean | undefined;
  readonly haConnectionHealthy: boolean | undefined;
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
    hasVaultOnlyKeys: [
      answer.performance_standby,
      answer.enterprise,
      answer.clock_skew_ms,
      answer.echo_duration_ms,
    ].some((value) => value !== undefined),
  };
}
