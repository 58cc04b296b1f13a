import { z } from "zod";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { parseAnswer } from "../answer.ts";

const Answer = z.object({
  type: z.string(),
  initialized: z.boolean(),
  sealed: z.boolean(),
  t: z.number(),
  n: z.number(),
  progress: z.number(),
  nonce: z.string().default(""),
  version: z.string().default(""),
  migration: z.boolean().default(false),
  recovery_seal: z.boolean().default(false),
  storage_type: z.string().default(""),
  cluster_name: z.string().optional(),
  cluster_id: z.string().optional(),
  removed_from_cluster: z.boolean().optional(),
});

/** A node's seal. With auto-unseal `threshold` and `shares` describe the recovery keys, which can unseal nothing. */
export type SysSealStatus = {
  /** `shamir`, `awskms`, `transit`, `static` … */
  readonly type: string;
  readonly initialized: boolean;
  readonly sealed: boolean;
  readonly threshold: number;
  readonly shares: number;
  /** Key shares that this node holds so far; falls to 0 when the nonce changes. */
  readonly progress: number;
  /** Of the unseal that is under way; empty when no key share was given yet. */
  readonly nonce: string;
  readonly version: string;
  readonly migration: boolean;
  readonly recoverySeal: boolean;
  readonly storageType: string;
  readonly clusterName: string | undefined;
  readonly clusterId: string | undefined;
  /** Undefined when the node does not tell: Vault before 1.19, OpenBao. */
  readonly removedFromCluster: boolean | undefined;
};

/** Reads `GET sys/seal-status` (no token, local, answers sealed and uninitialised too). */
export async function readSysSealStatus(transport: VaultTransport, options: CallOptions = {}): Promise<SysSealStatus> {
  const response = await transport.request({ ...options, method: "GET", path: "sys/seal-status", token: "none" });
  const answer = parseAnswer(transport, "sys/seal-status", Answer, response);
  return {
    type: answer.type,
    initialized: answer.initialized,
    sealed: answer.sealed,
    threshold: answer.t,
    shares: answer.n,
    progress: answer.progress,
    nonce: answer.nonce,
    version: answer.version,
    migration: answer.migration,
    recoverySeal: answer.recovery_seal,
    storageType: answer.storage_type,
    clusterName: answer.cluster_name,
    clusterId: answer.cluster_id,
    removedFromCluster: answer.removed_from_cluster,
  };
}
